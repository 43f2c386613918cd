package sluice.normalise;

import org.jspecify.annotations.Nullable;

/**
 * Puts a text where one is missing.
 *
 * @param text the text
 */
record FillText(String text) implements FittedStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Kind gives() {
    return Kind.TEXT;
  }

  @Override
  public Object value(@Nullable Object input) {
    return input == null ? text : input;
  }
}
