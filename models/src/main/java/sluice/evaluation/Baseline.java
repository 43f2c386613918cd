package sluice.evaluation;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A simple model to compare a network with: an immutable record, named in {@link Baselines}. */
interface Baseline {

  /**
   * Why this model cannot be fitted to such a task, if so.
   *
   * @param features the length of the assembled vectors
   */
  Optional<String> objection(Label label, int features);

  /** What it is fitted with, as the report shows it. */
  Map<String, Object> parameters();

  /**
   * Fits the model.
   *
   * @param train as {@link FeatureTable#assembled} makes it, not empty
   */
  Fitted fit(Dataset<Row> train, Label label, long seed);

  /** A fitted model. */
  interface Fitted {
    /** The column that {@link #predict} adds: probabilities by class, or one number. */
    String OUTPUT = "output";

    /**
     * Predicts each row.
     *
     * @param rows as {@link FeatureTable#assembled} makes them
     * @return the rows with {@code output ARRAY<DOUBLE>} beside them
     */
    Dataset<Row> predict(Dataset<Row> rows);
  }
}
