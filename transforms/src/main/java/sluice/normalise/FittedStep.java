package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;

/**
 * What a step learned: an immutable record, saved as JSON under its type's name in {@link Steps},
 * with one meaning and two faces that agree to the bit.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface FittedStep {

  /** The value for Spark. */
  Column column(Column input);

  /** The value for one record; null if it is missing. */
  @Nullable Object value(@Nullable Object input);
}
