package sluice.normalise;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * A category as the share of the train rows that have it; 0 if none has.
 *
 * @param categories the categories of the train rows, distinct and in the order of their code
 *     points
 * @param counts how many train rows have each
 * @param rows how many train rows have a category
 */
record FrequencyEncoder(List<String> categories, List<Long> counts, long rows)
    implements FittedStep {
  private static final long serialVersionUID = 1L;

  FrequencyEncoder {
    categories = List.copyOf(categories);
    counts = List.copyOf(counts);
    if (categories.size() != counts.size()) {
      throw InvalidInput.data(
          "shares: %s categories and %s counts must be as many"
              .formatted(categories.size(), counts.size()));
    }
  }

  @Override
  public Kind gives() {
    return Kind.NUMBER;
  }

  @Override
  public @Nullable Double value(@Nullable Object input) {
    if (input == null) {
      return null;
    }
    int place = Collections.binarySearch(categories, (String) input, CodePointOrder.INSTANCE);
    return place < 0 ? 0.0 : (double) counts.get(place) / rows;
  }
}
