package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step learned: an immutable record, saved as JSON under its type's name in {@link Steps},
 * with one meaning and two faces that agree to the bit: {@link #value} in plain Java, and {@link
 * #sql} where Spark can say exactly the same. Where it cannot, Spark calls the Java face.
 *
 * <p>A step from numbers to numbers is monotone: a greater input never gives a smaller output, and
 * the inputs that give none lie at the ends. So whether a column comes out whole can be told from
 * its least and greatest value.
 *
 * <p>No Spark type stands in a signature here: Jackson reads every method of a class, and a bundle
 * is read where there is no Spark.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Steps.FittedNames.class)
public interface FittedStep extends Serializable {

  /** The kind of its values. */
  Kind gives();

  /**
   * Requires what it needs that is not saved with it, files of this machine.
   *
   * @throws sluice.data.InvalidInput (data) if it is not there, or is another
   */
  default void requireFiles() {}

  /** The value for one record; null if it is missing. A number is finite. */
  @Nullable Object value(@Nullable Object input);

  /**
   * The values for several records, in their order: of each what {@link #value} gives. A step that
   * takes many at a time faster gives them so, and says it by {@link #inBatches}.
   */
  default @Nullable Object[] values(@Nullable Object[] inputs) {
    @Nullable Object[] values = new @Nullable Object[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      values[i] = value(inputs[i]);
    }
    return values;
  }

  /** Whether {@link #values} is to be asked, where there are many records. */
  default boolean inBatches() {
    return false;
  }

  /**
   * Whether it gives a value that is there and finite for each that is there, and none for one that
   * is missing: then nobody computes it to learn whether there is one.
   */
  default boolean total() {
    return false;
  }

  /**
   * The value as a Spark SQL expression, or null if there is none that is exact and small. A number
   * that comes out NaN or infinite is made missing afterwards.
   *
   * @param input the name of the input column, quoted; it may be used any number of times
   */
  default @Nullable String sql(String input) {
    return null;
  }

  /** Why a value that was there has come out as missing: a rule, for messages. */
  default String refusal(Object input) {
    throw new IllegalStateException(this + " refuses no value, but refused " + input);
  }

  /** What each position of the values stands for, given that of the input. */
  default List<String> names(List<String> inputs) {
    return inputs;
  }

  /** The shape of the values, given that of the input; a single value has {@code [1]}. */
  default List<Integer> shape(List<Integer> input) {
    return input;
  }
}
