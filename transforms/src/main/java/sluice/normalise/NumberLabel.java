package sluice.normalise;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;

/**
 * A number to be predicted: {@code (y - mean) / std} for the network. Without scaling the mean is 0
 * and the deviation 1.
 *
 * @param column the label's column
 * @param columnType its type, of numbers
 * @param mean what is taken off
 * @param std what is divided by, above 0; 1 for a label that is constant on the train rows
 */
public record NumberLabel(String column, FieldType columnType, double mean, double std)
    implements FittedLabel {
  private static final long serialVersionUID = 1L;

  public NumberLabel {
    if (!(Double.isFinite(mean) && Double.isFinite(std) && std > 0)) {
      throw InvalidInput.data(
          "label %s: mean must be finite and std finite and above 0, got %s and %s"
              .formatted(column, mean, std));
    }
  }

  @Override
  public @Nullable Float value(@Nullable Object raw) {
    if (raw == null) {
      return null;
    }
    float scaled = (float) ((((Number) raw).doubleValue() - mean) / std);
    return Float.isFinite(scaled) ? scaled : null;
  }

  /** The raw number itself: a float of the scaled one would be off by a share of the deviation. */
  @Override
  public @Nullable Double truth(@Nullable Object raw) {
    return value(raw) == null || raw == null ? null : ((Number) raw).doubleValue();
  }

  @Override
  public Optional<TensorSpec> tensor() {
    return Optional.of(TensorSpec.numbers(column, List.of(column)));
  }

  /** The prediction in the label's own unit. */
  public double unscaled(double prediction) {
    return prediction * std + mean;
  }
}
