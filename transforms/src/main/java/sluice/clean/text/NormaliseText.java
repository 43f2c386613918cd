package sluice.clean.text;

import java.text.Normalizer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.clean.Rule;

/**
 * Writes a text in one of the many ways in which Unicode lets the same text be written. In this
 * order: halves of surrogate pairs become U+FFFD; invisible characters go, see {@link
 * InvisibleCharacters}; the normal form is made (UAX 15); white space is made even. A text of which
 * nothing is left is missing. To normalise twice changes nothing more.
 *
 * @param columns columns of strings; all of them when empty
 * @param form the normal form
 * @param whiteSpace what becomes of white space
 * @param controls what becomes of invisible characters
 */
public record NormaliseText(
    List<String> columns, Form form, Spaces whiteSpace, Controls controls, At at)
    implements TextChange {
  public NormaliseText {
    columns = List.copyOf(columns);
  }

  /** The normal forms of Unicode. */
  public enum Form {
    /** Letters with marks are one character, if Unicode has it. */
    NFC(Normalizer.Form.NFC),
    /** The same, and ligatures, full-width letters and the like are plain. */
    NFKC(Normalizer.Form.NFKC),
    /** Letters and their marks are characters of their own. */
    NFD(Normalizer.Form.NFD),
    /** The same, and ligatures, full-width letters and the like are plain. */
    NFKD(Normalizer.Form.NFKD),
    /** As it is. */
    NONE(null);

    private final Normalizer.@Nullable Form form;

    Form(Normalizer.@Nullable Form form) {
      this.form = form;
    }

    String of(String text) {
      return form == null || Normalizer.isNormalized(text, form)
          ? text
          : Normalizer.normalize(text, form);
    }
  }

  /** What becomes of runs of white space, of which none is left at the ends, unless it is kept. */
  public enum Spaces {
    /** Each is a space. */
    COLLAPSE,
    /** Each with an end of a line in it is a line feed, each other a space. */
    LINES,
    /** As it is. */
    KEEP
  }

  /** What becomes of characters that nobody sees. */
  public enum Controls {
    /** They go. */
    REMOVE,
    /** They stay. */
    KEEP
  }

  @Override
  public @Nullable String changed(String text) {
    String changed = HalfPairs.replaced(text);
    if (controls == Controls.REMOVE) {
      changed = InvisibleCharacters.removed(changed);
    }
    if (form != Form.NONE) {
      // Once more, since letters may have been taken apart into themselves and marks.
      changed = StreamSafe.of(form.of(StreamSafe.of(changed)));
    }
    if (whiteSpace != Spaces.KEEP) {
      changed = evenly(changed, whiteSpace == Spaces.LINES);
    }
    return changed.isEmpty() ? null : changed;
  }

  @Override
  public Rule on(List<String> others) {
    return new NormaliseText(others, form, whiteSpace, controls, at);
  }

  private static String evenly(String text, boolean lines) {
    StringBuilder even = new StringBuilder(text.length());
    boolean space = false;
    boolean line = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (WhiteSpace.is(c)) {
        space = true;
        line |= lines && WhiteSpace.endsLine(c);
      } else {
        if (space && !even.isEmpty()) {
          even.append(line ? '\n' : ' ');
        }
        space = false;
        line = false;
        even.append(c);
      }
    }
    return even.toString();
  }
}
