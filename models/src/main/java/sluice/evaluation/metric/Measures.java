package sluice.evaluation.metric;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one set of predictions, with the rows weighted as one likes.
 *
 * @param <T> what the metrics are computed of
 */
public interface Measures<T> {

  /** The metrics, in the order in which they are written down. */
  List<? extends Metric<T>> metrics();

  /** The number of rows. */
  int rows();

  /** Counts each row as often as its weight says. */
  T count(byte[] weights);

  /** Counts each row once. */
  default T count() {
    byte[] ones = new byte[rows()];
    Arrays.fill(ones, (byte) 1);
    return count(ones);
  }

  /** Each metric of the rows, as often as the weights say; NaN where undefined. */
  default double[] values(byte[] weights) {
    T counted = count(weights);
    return metrics().stream().mapToDouble(metric -> metric.value(counted)).toArray();
  }

  /** The metrics of the rows. */
  default Scores scores() {
    T counted = count();
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    Map<String, String> notes = new LinkedHashMap<>();
    for (Metric<T> metric : metrics()) {
      if (rows() == 0) {
        values.put(metric.name(), null);
        notes.put(metric.name(), Metric.NO_ROWS);
      } else {
        double value = metric.value(counted);
        values.put(metric.name(), Double.isNaN(value) ? null : value);
        metric.note(counted).ifPresent(note -> notes.put(metric.name(), note));
      }
    }
    return new Scores(rows(), values, notes);
  }
}
