package sluice.cli;

/** What the command writes to. */
final class Terminal {
  /** The width of the terminal that the error output is, as {@code scripts/sluice} sets it. */
  private static final String COLUMNS = "sluice.columns";

  private Terminal() {}

  /**
   * A text that the terminal shows as it stands: a message may quote a file that anybody wrote, and
   * a control character in it could move the cursor or rename the window, and one of direction
   * could put what follows it in another order.
   */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      boolean reorders = (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
      plain.append(!control && !reorders ? c : c < ' ' ? (char) ('\u2400' + c) : '\uFFFD');
    }
    return plain.toString();
  }

  /** The width of the terminal that a person watches; 0 if nobody does. */
  static int columns() {
    return Integer.getInteger(COLUMNS, 0);
  }
}
