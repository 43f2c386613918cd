package sluice.clean;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.ValueParser;

/** Values from a program as values of a column. */
public final class FieldValues {
  private FieldValues() {}

  /** The same of texts that are written as in {@link ValueParser#STANDARD}. */
  public static @Nullable Object of(Object value, FieldType type) {
    return of(value, type, ValueParser.STANDARD);
  }

  /**
   * The value in the class of a type.
   *
   * @param value of that class, a number for a column of numbers, or a text, which is read
   * @param parser reads texts
   * @return null if it is none of that type: of another kind, out of range, or with a fraction
   *     where the type has none. A real number may lose precision, as it does when it is read from
   *     a file
   */
  public static @Nullable Object of(Object value, FieldType type, ValueParser parser) {
    if (type.valueClass().isInstance(value)) {
      return value;
    }
    if (value instanceof String) {
      return Values.convert(value, type, parser);
    }
    if (!(value instanceof Number number) || !type.isNumber()) {
      return null;
    }
    if (number instanceof BigDecimal || number instanceof BigInteger) {
      return Values.convert(number.toString(), type);
    }
    return Values.convert(number, type);
  }

  /** The value in a message, with its class. */
  public static String described(Object value) {
    boolean plain =
        value instanceof String
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof TemporalAccessor;
    // What is nested may be of any size, or hold itself.
    String name = value.getClass().getSimpleName();
    return plain ? name + " " + Values.words(value) : "a " + name;
  }
}
