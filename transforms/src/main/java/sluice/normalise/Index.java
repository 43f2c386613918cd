package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.features.Element;

/**
 * A category as its index, see {@link Categories}, for a network with an embedding.
 *
 * @param unseen what becomes of a category that no train row has; {@code other} by default
 * @param minCount a category with fewer train rows shares index 0; 1 by default
 * @param maxCategories how many categories, the most frequent, have an index of their own; no limit
 *     by default
 */
public record Index(Unseen unseen, long minCount, @Nullable Integer maxCategories)
    implements TextStep {
  private static final long serialVersionUID = 1L;

  public Index {
    Categories.check("index", unseen, minCount, maxCategories);
  }

  @Override
  public Element encoding() {
    return Element.INDEX;
  }

  @Override
  public Fit fit(Kind input) {
    return Categories.fit(encoding(), unseen, minCount, maxCategories);
  }
}
