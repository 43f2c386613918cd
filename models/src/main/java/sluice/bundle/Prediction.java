package sluice.bundle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of one record that was to be scored. */
public sealed interface Prediction {

  /**
   * A class.
   *
   * @param predicted the most likely class; of two equally likely ones the first
   * @param decision the class that the bundle decides on: of two the positive one if its
   *     probability is at least the bundle's threshold, of more the most likely one
   * @param probabilities of every class, in the label's order; they add up to 1
   */
  record OfClass(String predicted, String decision, Map<String, Float> probabilities)
      implements Prediction {}

  /**
   * A number.
   *
   * @param value on the scale of the label as it was read
   */
  record OfNumber(double value) implements Prediction {}

  /**
   * A tag for each token. Tokens beyond what the network reads have none.
   *
   * @param tags the most likely tag of each; of equally likely ones the first
   * @param probabilities of these tags
   */
  record OfTags(List<String> tags, List<Float> probabilities) implements Prediction {
    public OfTags {
      tags = List.copyOf(tags);
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * A set.
   *
   * @param names those whose probability is at least one half, in the label's order
   * @param probabilities of every name, in the label's order
   */
  record OfSet(List<String> names, Map<String, Float> probabilities) implements Prediction {
    public OfSet {
      names = List.copyOf(names);
    }
  }

  /**
   * Several labels.
   *
   * @param labels what is said of each, by its column, in their order
   */
  record OfSeveral(Map<String, Prediction> labels) implements Prediction {
    public OfSeveral {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
  }

  /**
   * A record that cannot be scored.
   *
   * @param reason why
   */
  record Unscored(String reason) implements Prediction {}
}
