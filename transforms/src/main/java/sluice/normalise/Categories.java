package sluice.normalise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.features.Element;

/**
 * A category's index: 0 is always kept for every category that has none of its own, and the known
 * categories follow from 1 on in the order of their code points.
 *
 * @param encoding how a network takes the index
 * @param unseen what becomes of a category that is not known
 * @param known the known categories, distinct and in the order of their code points
 */
record Categories(Element encoding, Unseen unseen, List<String> known) implements Categorical {
  private static final long serialVersionUID = 1L;

  /** What stands for index 0 in {@link #categories}. */
  static final String OTHER = "(other)";

  Categories {
    known = List.copyOf(known);
    for (int i = 1; i < known.size(); i++) {
      if (CodePointOrder.INSTANCE.compare(known.get(i - 1), known.get(i)) >= 0) {
        throw InvalidInput.data(
            "categories: must be distinct and in the order of their code points, got %s before %s"
                .formatted(known.get(i - 1), known.get(i)));
      }
    }
  }

  /**
   * A fit that keeps the categories with at least {@code minCount} train rows, and of these the
   * {@code maxCategories} most frequent, at a tie the first by code point.
   */
  static Fit fit(Element encoding, Unseen unseen, long minCount, @Nullable Integer most) {
    int limit = most == null ? Integer.MAX_VALUE : most;
    return new CountFit<>(
        String.class,
        counts ->
            new Categories(
                encoding,
                unseen,
                MostFrequent.of(counts, minCount, limit).stream()
                    .map(Map.Entry::getKey)
                    .sorted(CodePointOrder.INSTANCE)
                    .toList()));
  }

  /** Problems of the parameters that one-hot and index share. */
  static void check(String type, Unseen unseen, long minCount, @Nullable Integer maxCategories) {
    List<String> problems = new ArrayList<>();
    if (minCount < 1) {
      problems.add("%s: min-count must be at least 1, got %s".formatted(type, minCount));
    }
    if (maxCategories != null && maxCategories < 1) {
      problems.add("%s: max-categories must be at least 1, got %s".formatted(type, maxCategories));
    }
    if (unseen == Unseen.ERROR && (minCount > 1 || maxCategories != null)) {
      problems.add(
          type
              + ": unseen = error keeps every category of the train rows, so that min-count and"
              + " max-categories cannot be set");
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public @Nullable Integer value(@Nullable Object input) {
    if (input == null) {
      return null;
    }
    int place = Collections.binarySearch(known, (String) input, CodePointOrder.INSTANCE);
    if (place >= 0) {
      return place + 1;
    }
    return unseen == Unseen.OTHER ? 0 : null;
  }

  @Override
  public String refusal(Object input) {
    return "a category that no train row has";
  }

  @Override
  public int cardinality() {
    return known.size() + 1;
  }

  @Override
  public List<String> categories() {
    List<String> categories = new ArrayList<>(known.size() + 1);
    categories.add(OTHER);
    categories.addAll(known);
    return categories;
  }
}
