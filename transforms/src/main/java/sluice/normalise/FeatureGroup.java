package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * One column of the feature table, and what a network must know of it.
 *
 * @param name the column's name in the feature table
 * @param encoding what its values are
 * @param shape the shape of one example: {@code [n]} for columns, {@code [channels, height, width]}
 *     for a picture, whose rows follow each other and whose channels do; {@code [-1]} for a series
 *     of indices or numbers and {@code [-1, n]} for one of n numbers a step, step by step, of a
 *     length that each example has for itself
 * @param names what each position stands for, as in {@code age} or {@code timestamp.hour}; of a
 *     series each position of a step
 * @param cardinalities for indices, per position, how many there are; empty for floats
 * @param categories for indices, per position, the categories by index, none where they have no
 *     names; empty for floats
 */
public record FeatureGroup(
    String name,
    Encoding encoding,
    List<Integer> shape,
    List<String> names,
    List<Integer> cardinalities,
    List<List<String>> categories) {

  /** What a group's values are. */
  public enum Encoding {
    /** {@code array<float>}: numbers, used as they are. */
    FLOAT,
    /** {@code array<int>}: category indices, each expanded to a one-hot vector in the minibatch. */
    ONE_HOT,
    /** {@code array<int>}: category indices, handed to the network as they are. */
    INDEX
  }

  /** Whether its values are category indices that a network looks up in embeddings. */
  @JsonIgnore
  public boolean isIndex() {
    return encoding == Encoding.INDEX;
  }

  /** Whether each example has a length of its own. */
  @JsonIgnore
  public boolean isSeries() {
    return !shape.isEmpty() && shape.get(0) == -1;
  }

  public FeatureGroup {
    shape = List.copyOf(shape);
    names = List.copyOf(names);
    cardinalities = List.copyOf(cardinalities);
    categories = categories.stream().map(List::copyOf).toList();
  }
}
