package sluice.features;

import java.util.List;

/**
 * What one example is.
 *
 * @param inputs what a network takes, in the order of the feature groups
 * @param targets what it should give, in the order of the labels: of a class its index, of a number
 *     the number; a label that is a text is no tensor and not among them
 */
public record FeatureSchema(List<TensorSpec> inputs, List<TensorSpec> targets) {
  public FeatureSchema {
    inputs = List.copyOf(inputs);
    targets = List.copyOf(targets);
  }

  /** How many values the inputs of an example have. */
  public long values() {
    return inputs.stream().mapToLong(TensorSpec::size).sum();
  }

  /** How many numbers these are once one-hot categories are expanded. */
  public long width() {
    return inputs.stream().mapToLong(TensorSpec::width).sum();
  }
}
