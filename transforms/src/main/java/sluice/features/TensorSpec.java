package sluice.features;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * One input or one target of a network: a column of the feature table, and what a network must know
 * of it. Positions have names by axis: each column of a table has one, no pixel of a picture has.
 *
 * <p>Of a picture the rows follow each other, and so do the channels. Of a series, whose first axis
 * varies, each step stands behind the one before. A sparse vector is the series of its weighted
 * indices.
 *
 * @param name the column's name in the feature table
 * @param element what its values are
 * @param axes of one example, the outermost first; only the first may vary
 * @param divisor what bytes are divided by to be the numbers that a network takes; 1 for what is
 *     used as it is
 * @param cardinalities for indices, per position, how many there are; empty for numbers
 * @param categories for indices, per position, the categories by index, none where they have no
 *     names; empty for numbers
 */
@JsonDeserialize(converter = TensorSpec.Read.class)
public record TensorSpec(
    String name,
    Element element,
    List<Axis> axes,
    double divisor,
    List<Integer> cardinalities,
    List<List<String>> categories) {

  /**
   * Bundles up to format 5 have a shape, and a name for every value of an example or of a step: of
   * pictures and of series of one value, which have none here, too.
   */
  static final class Read extends StdConverter<Read.Fields, TensorSpec> {
    /** What {@link Element} was. */
    enum Encoding {
      FLOAT(Element.FLOAT32),
      ONE_HOT(Element.ONE_HOT),
      INDEX(Element.INDEX);

      private final Element element;

      Encoding(Element element) {
        this.element = element;
      }
    }

    record Fields(
        String name,
        @Nullable Element element,
        @Nullable List<Axis> axes,
        @Nullable Double divisor,
        List<Integer> cardinalities,
        List<List<String>> categories,
        @Nullable Encoding encoding,
        @Nullable List<Integer> shape,
        @Nullable List<String> names) {}

    @Override
    public TensorSpec convert(Fields read) {
      if (read.element != null && read.axes != null && read.divisor != null) {
        return new TensorSpec(
            read.name, read.element, read.axes, read.divisor, read.cardinalities, read.categories);
      }
      if (read.encoding == null || read.shape == null || read.names == null) {
        throw InvalidInput.data(
            "tensor %s: must have an element, axes and a divisor, or an encoding, a shape and names"
                .formatted(read.name));
      }
      return of(
          read.name,
          read.encoding.element,
          read.shape,
          isNamed(read.shape) ? read.names : List.of(),
          read.cardinalities,
          read.categories);
    }

    private static boolean isNamed(List<Integer> shape) {
      return shape.size() < 3 && !shape.equals(List.of(Axis.VARYING));
    }
  }

  public TensorSpec {
    axes = List.copyOf(axes);
    cardinalities = List.copyOf(cardinalities);
    categories = categories.stream().map(List::copyOf).toList();
    List<Integer> shape = axes.stream().map(Axis::size).toList();
    if (shape.isEmpty() || shape.lastIndexOf(Axis.VARYING) > 0) {
      throw InvalidInput.data(
          "tensor %s: must have an axis, and none but the first may vary, got the shape %s"
              .formatted(name, shape));
    }
    if (element == Element.WEIGHTED_INDEX
        && !(shape.equals(List.of(Axis.VARYING)) && cardinalities.size() == 1)) {
      throw InvalidInput.data(
          "tensor %s: weighted indices must have the shape [-1] and one cardinality, got the shape %s and the cardinalities %s"
              .formatted(name, shape, cardinalities));
    }
    if (!(divisor > 0 && Double.isFinite(divisor)) || (divisor != 1 && element != Element.UINT8)) {
      throw InvalidInput.data(
          "tensor %s: the divisor must be above 0 and finite, and 1 of what is no bytes, got %s of %s"
              .formatted(name, divisor, element));
    }
    double values = shape.stream().mapToDouble(Math::abs).reduce(1, (a, b) -> a * b);
    if (values > Integer.MAX_VALUE) {
      throw InvalidInput.data(
          String.format(
              Locale.ROOT,
              "tensor %s: must have at most %,d values, got the shape %s",
              name,
              Integer.MAX_VALUE,
              shape));
    }
  }

  /**
   * A tensor whose axes have the names that those of such a shape have: {@code [n]} are columns,
   * {@code [channels, height, width]} a picture; {@code [-1]} a series of indices or numbers and
   * {@code [-1, n]} one of n numbers a step.
   *
   * @param names what each position of the last axis stands for; empty if they have no names
   * @throws InvalidInput (data) if it has any other shape
   */
  public static TensorSpec of(
      String name,
      Element element,
      List<Integer> shape,
      List<String> names,
      List<Integer> cardinalities,
      List<List<String>> categories) {
    List<String> axisNames =
        switch (shape.size()) {
          case 1 -> List.of(shape.get(0) == Axis.VARYING ? "step" : "column");
          case 2 -> List.of("step", "column");
          case 3 -> List.of("channel", "height", "width");
          default ->
              throw InvalidInput.data(
                  "tensor %s: must have one axis, two or three, got the shape %s"
                      .formatted(name, shape));
        };
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      boolean last = i == shape.size() - 1;
      axes.add(new Axis(axisNames.get(i), shape.get(i), last ? names : List.of()));
    }
    return new TensorSpec(name, element, axes, 1, cardinalities, categories);
  }

  /**
   * A picture that is stored as bytes.
   *
   * @param shape {@code [channels, height, width]}
   */
  public static TensorSpec bytes(String name, List<Integer> shape, double divisor) {
    TensorSpec undivided = of(name, Element.UINT8, shape, List.of(), List.of(), List.of());
    return new TensorSpec(name, Element.UINT8, undivided.axes, divisor, List.of(), List.of());
  }

  /** Columns of numbers, side by side. */
  public static TensorSpec numbers(String name, List<String> names) {
    return of(name, Element.FLOAT32, List.of(names.size()), names, List.of(), List.of());
  }

  /** The sizes of the axes. */
  public List<Integer> shape() {
    return axes.stream().map(Axis::size).toList();
  }

  /** What each position of the last axis stands for; empty if they have no names. */
  public List<String> names() {
    return axes.get(axes.size() - 1).names();
  }

  /** Whether its values are category indices that a network looks up in embeddings. */
  public boolean isIndex() {
    return element == Element.INDEX;
  }

  /** Whether its values are category indices with a weight each. */
  public boolean isWeighted() {
    return element == Element.WEIGHTED_INDEX;
  }

  /** Whether it is stored as bytes, and its numbers are {@link #numberOfEachByte}. */
  public boolean isBytes() {
    return element == Element.UINT8;
  }

  /** This, or of bytes the tensor of the numbers that they stand for. */
  public TensorSpec decoded() {
    return isBytes()
        ? new TensorSpec(name, Element.FLOAT32, axes, 1, cardinalities, categories)
        : this;
  }

  /** The number that a network takes for each byte, from 0 to 255. */
  public float[] numberOfEachByte() {
    float[] numbers = new float[256];
    for (int value = 0; value < numbers.length; value++) {
      numbers[value] = (float) (value / divisor);
    }
    return numbers;
  }

  /** Whether each example has a length of its own. */
  public boolean isSeries() {
    return axes.get(0).size() == Axis.VARYING;
  }

  /** Whether it is a picture, channel by channel and in each row by row. */
  public boolean isPicture() {
    return element.isNumber() && axes.size() == 3 && !isSeries();
  }

  /** How many values an example has, or a step of a series; an index and its weight are one. */
  public int size() {
    return axes.stream().mapToInt(axis -> Math.abs(axis.size())).reduce(1, Math::multiplyExact);
  }

  /** How many numbers {@link #size} values are once one-hot categories are expanded. */
  public long width() {
    return element == Element.ONE_HOT
        ? cardinalities.stream().mapToLong(cardinality -> cardinality).sum()
        : size();
  }
}
