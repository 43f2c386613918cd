package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;

/** Nothing is predicted. */
public record NoLabel() implements FittedLabel {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable String column() {
    return null;
  }

  @Override
  public @Nullable FieldType columnType() {
    return null;
  }

  @Override
  public @Nullable Object value(@Nullable Object raw) {
    return null;
  }
}
