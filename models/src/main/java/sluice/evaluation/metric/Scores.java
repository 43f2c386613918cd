package sluice.evaluation.metric;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one model on some rows. In JSON each metric is a property beside {@code rows} and
 * {@code notes}.
 *
 * @param rows how many rows were judged
 * @param values by metric, null where undefined, in the order in which they are shown
 * @param notes by metric, why it is undefined or what must be known of it; {@code rows} has a note
 *     if the rows are not what one would think
 */
@JsonSerialize(converter = Scores.Writer.class)
@JsonDeserialize(converter = Scores.Reader.class)
public record Scores(long rows, Map<String, @Nullable Double> values, Map<String, String> notes) {
  private static final String ROWS = "rows";
  private static final String NOTES = "notes";

  public Scores {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
  }

  /** The metrics of predictions. */
  public static Scores of(Predictions predictions, Label label) {
    return predictions.measures(label).scores();
  }

  /** The value of a metric, or null if it is undefined or not one of this task's. */
  public @Nullable Double value(String metric) {
    return values.get(metric);
  }

  /** The same of a metric. */
  public @Nullable Double value(Metric<?> metric) {
    return values.get(metric.name());
  }

  /** These scores with a note on their rows. */
  public Scores withRowsNote(String note) {
    Map<String, String> more = new LinkedHashMap<>(notes);
    more.put(ROWS, note);
    return new Scores(rows, values, more);
  }

  /** The properties in JSON. */
  public Map<String, @Nullable Object> properties() {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put(ROWS, rows);
    properties.put(NOTES, notes);
    properties.putAll(values);
    return properties;
  }

  private static Scores of(Map<String, @Nullable Object> properties) {
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    Map<String, String> notes = new LinkedHashMap<>();
    long rows = 0;
    for (Map.Entry<String, @Nullable Object> property : properties.entrySet()) {
      Object value = property.getValue();
      switch (property.getKey()) {
        case ROWS -> rows = value instanceof Number number ? number.longValue() : 0;
        case NOTES -> {
          if (value instanceof Map<?, ?> map) {
            map.forEach((metric, note) -> notes.put(String.valueOf(metric), String.valueOf(note)));
          }
        }
        default ->
            values.put(
                property.getKey(), value instanceof Number number ? number.doubleValue() : null);
      }
    }
    return new Scores(rows, values, notes);
  }

  /** To JSON. */
  static final class Writer extends StdConverter<Scores, Map<String, @Nullable Object>> {
    @Override
    public Map<String, @Nullable Object> convert(Scores scores) {
      return scores.properties();
    }
  }

  /** From JSON. */
  static final class Reader extends StdConverter<Map<String, @Nullable Object>, Scores> {
    @Override
    public Scores convert(Map<String, @Nullable Object> properties) {
      return of(properties);
    }
  }
}
