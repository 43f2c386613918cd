package sluice.normalise;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.features.TensorSpec;

/**
 * A text to be predicted, handed on as it is.
 *
 * @param column the label's column, of strings
 */
public record TextLabel(String column) implements FittedLabel {
  private static final long serialVersionUID = 1L;

  @Override
  public FieldType columnType() {
    return FieldType.STRING;
  }

  @Override
  public @Nullable Object value(@Nullable Object raw) {
    return raw;
  }

  @Override
  public Optional<TensorSpec> tensor() {
    return Optional.empty();
  }
}
