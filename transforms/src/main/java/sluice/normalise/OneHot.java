package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.features.Element;

/**
 * A category as a one-hot vector. The feature table holds the index, see {@link Categories}; the
 * minibatch expands it.
 *
 * @param unseen what becomes of a category that no train row has; {@code other} by default
 * @param minCount a category with fewer train rows shares index 0; 1 by default
 * @param maxCategories how many categories, the most frequent, have an index of their own; no limit
 *     by default
 */
public record OneHot(Unseen unseen, long minCount, @Nullable Integer maxCategories)
    implements TextStep {
  private static final long serialVersionUID = 1L;

  public OneHot {
    Categories.check("one-hot", unseen, minCount, maxCategories);
  }

  @Override
  public Element encoding() {
    return Element.ONE_HOT;
  }

  @Override
  public Fit fit(Kind input) {
    return Categories.fit(encoding(), unseen, minCount, maxCategories);
  }
}
