package sluice.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * How the feature groups of an example become one input vector: numbers as they are, in the order
 * of the groups; a one-hot index as a vector of its cardinality. An example is kept compact,
 * numbers and indices apart, and only expanded here, in the minibatch.
 */
public final class InputLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Per group, whether its values are indices. */
  private final boolean[] indexed;

  /** Per group, how many values an example has. */
  private final int[] lengths;

  /** Per index in order over all groups, its cardinality if one-hot, else 0: handed on as it is. */
  private final int[] cardinalities;

  private final int numbers;
  private final int width;
  private final List<String> names;
  private final List<List<Integer>> shapes;

  private InputLayout(
      boolean[] indexed,
      int[] lengths,
      int[] cardinalities,
      int numbers,
      int width,
      List<String> names,
      List<List<Integer>> shapes) {
    this.indexed = indexed;
    this.lengths = lengths;
    this.cardinalities = cardinalities;
    this.numbers = numbers;
    this.width = width;
    this.names = List.copyOf(names);
    this.shapes = List.copyOf(shapes);
  }

  /** A wider input is more than a block of examples can hold in one array. */
  private static final int WIDEST = Integer.MAX_VALUE / Predictor.BLOCK;

  /**
   * The layout of these groups, at least one.
   *
   * @throws InvalidInput (configuration) if the input vector would be wider than any array
   */
  public static InputLayout of(List<FeatureGroup> groups) {
    long widest = groups.stream().mapToLong(InputLayout::width).sum();
    if (widest > WIDEST) {
      throw InvalidInput.configuration(
          "the input of a network must have at most %,d numbers, got %,d"
              .formatted(WIDEST, widest));
    }
    boolean[] indexed = new boolean[groups.size()];
    int[] lengths = new int[groups.size()];
    List<Integer> cardinalities = new ArrayList<>();
    int numbers = 0;
    int width = 0;
    List<String> names = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      FeatureGroup group = groups.get(g);
      lengths[g] = group.shape().stream().reduce(1, Math::multiplyExact);
      names.add(group.name());
      switch (group.encoding()) {
        case FLOAT -> {
          numbers += lengths[g];
          width += lengths[g];
        }
        case INDEX -> {
          indexed[g] = true;
          for (int i = 0; i < lengths[g]; i++) {
            cardinalities.add(0);
          }
          width += lengths[g];
        }
        case ONE_HOT -> {
          indexed[g] = true;
          for (int cardinality : group.cardinalities()) {
            cardinalities.add(cardinality);
            width = Math.addExact(width, cardinality);
          }
        }
      }
    }
    return new InputLayout(
        indexed,
        lengths,
        cardinalities.stream().mapToInt(Integer::intValue).toArray(),
        numbers,
        width,
        names,
        groups.stream().map(FeatureGroup::shape).toList());
  }

  private static long width(FeatureGroup group) {
    return group.encoding() == FeatureGroup.Encoding.ONE_HOT
        ? group.cardinalities().stream().mapToLong(cardinality -> cardinality).sum()
        : group.names().size();
  }

  /** The width of the input vector. */
  public int width() {
    return width;
  }

  /**
   * The one picture that an example is.
   *
   * @param model what needs it, for messages
   * @param least the least height and width that it can be of
   * @throws InvalidInput (configuration) if the groups are anything else, or the picture is smaller
   */
  Picture picture(String model, int least) {
    if (shapes.size() != 1 || indexed[0] || shapes.get(0).size() != 3) {
      List<String> groups = new ArrayList<>();
      for (int g = 0; g < shapes.size(); g++) {
        groups.add(names.get(g) + " of " + shapes.get(g));
      }
      throw InvalidInput.configuration(
          "model %s needs one feature group of the shape [channels, height, width], which the step pixels gives, got %s"
              .formatted(model, String.join(" and ", groups)));
    }
    List<Integer> shape = shapes.get(0);
    Picture picture = new Picture(shape.get(0), shape.get(1), shape.get(2));
    if (picture.height() < least || picture.width() < least) {
      throw InvalidInput.configuration(
          "model %s needs pictures of at least %d x %d pixels, got %d x %d"
              .formatted(model, least, least, picture.height(), picture.width()));
    }
    return picture;
  }

  /** The shape of a picture in an input vector: channel by channel, in each row by row. */
  record Picture(int channels, int height, int width) {
    InputType type() {
      return InputType.convolutionalFlat(height, width, channels);
    }
  }

  /** How many numbers an example holds. */
  public int numbers() {
    return numbers;
  }

  /** How many indices an example holds. */
  public int indices() {
    return cardinalities.length;
  }

  /** How many groups there are. */
  public int groups() {
    return lengths.length;
  }

  /** The name of a group. */
  public String name(int group) {
    return names.get(group);
  }

  /** Whether a group's values are indices. */
  public boolean isIndexed(int group) {
    return indexed[group];
  }

  /** How many values an example has in a group. */
  public int length(int group) {
    return lengths[group];
  }

  /**
   * Writes one example's input vector.
   *
   * @param numbers the numbers of many examples, this one's from {@code example * numbers()} on
   * @param indices the indices of many examples, this one's from {@code example * indices()} on
   * @param out all zero from {@code offset} to {@code offset + width()}
   */
  public void write(float[] numbers, int[] indices, int example, float[] out, int offset) {
    int at = offset;
    int number = example * this.numbers;
    int index = example * cardinalities.length;
    int slot = 0;
    for (int g = 0; g < lengths.length; g++) {
      if (!indexed[g]) {
        System.arraycopy(numbers, number, out, at, lengths[g]);
        number += lengths[g];
        at += lengths[g];
        continue;
      }
      for (int i = 0; i < lengths[g]; i++, slot++, index++) {
        if (cardinalities[slot] == 0) {
          out[at++] = indices[index];
        } else {
          out[at + indices[index]] = 1;
          at += cardinalities[slot];
        }
      }
    }
  }
}
