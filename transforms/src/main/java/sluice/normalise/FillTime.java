package sluice.normalise;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueParser;

/**
 * Puts a point in time where one is missing.
 *
 * @param time in ISO 8601, a date or a date with a time
 */
record FillTime(String time) implements FittedStep {
  private static final long serialVersionUID = 1L;

  FillTime {
    if (parsed(time) == null) {
      throw InvalidInput.configuration(
          "fill-time: time must be a date or a date with a time, got \"%s\"".formatted(time));
    }
  }

  static @Nullable LocalDateTime parsed(String time) {
    return (LocalDateTime) ValueParser.STANDARD.parse(time, FieldType.TIMESTAMP_NTZ);
  }

  @Override
  public Kind gives() {
    return Kind.TIME;
  }

  @Override
  public @Nullable Object value(@Nullable Object input) {
    return input == null ? parsed(time) : input;
  }

  @Override
  public String sql(String input) {
    return "coalesce(%s, TIMESTAMP_NTZ'%s')".formatted(input, parsed(time));
  }
}
