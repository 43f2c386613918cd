package sluice.text;

/** What code points of Unicode are, where Java has no name for it. */
public final class CodePoints {
  /** Between letters or emoji that are drawn as one. */
  public static final int ZERO_WIDTH_JOINER = 0x200D;

  /** Between letters that would be drawn as one. */
  public static final int ZERO_WIDTH_NON_JOINER = 0x200C;

  private CodePoints() {}

  /** Whether it is a mark, which belongs to what it stands on: the categories Mn, Mc and Me. */
  public static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** Whether it is a joiner or a non-joiner. */
  public static boolean isJoiner(int point) {
    return point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER;
  }

  /** Whether it is the skin tone of the emoji before it (UTS 51). */
  public static boolean isSkinTone(int point) {
    return point >= 0x1F3FB && point <= 0x1F3FF;
  }
}
