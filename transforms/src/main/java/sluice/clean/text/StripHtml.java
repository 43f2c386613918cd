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
 */
public record StripHtml(List<String> columns, At at) implements TextChange {
  public StripHtml {
    columns = List.copyOf(columns);
  }

  @Override
  public @Nullable String changed(String text) {
    String changed = HtmlText.of(MaskPersonal.asHtml(text));
    return changed.isEmpty() && !text.isEmpty() ? null : changed;
  }

  @Override
  public Rule on(List<String> others) {
    return new StripHtml(others, at);
  }
}
