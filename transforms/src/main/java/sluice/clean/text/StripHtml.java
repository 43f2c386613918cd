package sluice.clean.text;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.clean.Rule;

/**
 * Leaves of HTML the text that a reader sees, see {@link HtmlText}. A text without a tag or an
 * entity stays as it is, and so do the tokens of {@link MaskPersonal}; one of which nothing is left
 * is missing.
 *
 * @param columns columns of strings; all of them when empty
 * @param where a column of booleans: only rows in which it is true are HTML; null if any may be
 */
public record StripHtml(List<String> columns, @Nullable String where, At at) implements TextChange {
  public StripHtml {
    columns = List.copyOf(columns);
  }

  /** Whatever row a text is in. */
  public StripHtml(List<String> columns, At at) {
    this(columns, null, at);
  }

  @Override
  public @Nullable String changed(String text) {
    String changed = HtmlText.of(MaskPersonal.asHtml(text));
    return changed.isEmpty() && !text.isEmpty() ? null : changed;
  }

  @Override
  public Rule on(List<String> others) {
    return new StripHtml(others, where, at);
  }
}
