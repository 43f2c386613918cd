package sluice.network.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.layers.CategoryEmbedding;

/**
 * How the categories of feature groups of indices become vectors.
 *
 * @param dimension the length of the vectors; null goes by the number of categories, see {@link
 *     CategoryEmbedding#dimension}
 */
public record Embeddings(@Auto @Nullable Integer dimension) {
  private static final int MOST = 4096;

  public Embeddings {
    if (dimension != null && (dimension < 1 || dimension > MOST)) {
      throw InvalidInput.configuration(
          "dimension must be from 1 to %,d, got %,d".formatted(MOST, dimension));
    }
  }

  /** The layer for these groups, all of indices. */
  CategoryEmbedding layer(List<TensorSpec> groups) {
    CategoryEmbedding.Builder layer = new CategoryEmbedding.Builder();
    for (TensorSpec group : groups) {
      for (int i = 0; i < group.cardinalities().size(); i++) {
        int categories = group.cardinalities().get(i);
        String name = group.names().get(i);
        if (dimension == null) {
          layer.column(name, categories);
        } else {
          layer.column(name, categories, dimension);
        }
      }
    }
    return layer.build();
  }
}
