package sluice.network.spec;

import java.util.List;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.features.TensorSpec;
import sluice.network.layers.NumberEmbedding;

/**
 * A learnt vector for every number: cosines and sines of learnt frequencies, a connected layer of
 * each column's own and a rectifier (PLR of Gorishniy, Rubachev and Babenko 2022).
 *
 * @param dimension the length of a number's vector
 * @param frequencies of each column
 * @param sigma the deviation of the normal distribution that the frequencies begin with; the one to
 *     tune
 */
public record PeriodicNumbers(int dimension, int frequencies, double sigma) {
  private static final int MOST = 4096;

  public PeriodicNumbers {
    new Require()
        .within("dimension", dimension, 1, MOST)
        .within("frequencies", frequencies, 1, MOST)
        .above("sigma", sigma, 0)
        .hold();
  }

  /** The layer for these groups, all of numbers. */
  NumberEmbedding layer(List<TensorSpec> groups) {
    NumberEmbedding.Builder layer = NumberEmbedding.Builder.periodic(dimension, frequencies, sigma);
    for (TensorSpec group : groups) {
      if (group.shape().size() != 1) {
        throw InvalidInput.configuration(
            "periodic needs columns, got feature group %s of %s"
                .formatted(group.name(), group.shape()));
      }
      group.names().forEach(layer::column);
    }
    return layer.build();
  }
}
