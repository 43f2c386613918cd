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

  /**
   * About how many train rows it is fitted to at most; of more it takes a share, drawn by key. They
   * lie in at most two partitions, so this bounds the time.
   */
  int mostTrainRows();

  /**
   * The partitions of the train rows: as many as give the same sums to the bit in whatever order
   * tasks end.
   */
  int partitions();

  /** What it is fitted with, as the report shows it. */
  Map<String, Object> parameters();

  /**
   * Fits the model.
   *
   * @param train as {@link FeatureTable#ordered} makes it, not empty
   */
  Fitted fit(Dataset<Row> train, Label label, long seed);

  /** A fitted model. */
  interface Fitted {
    /** The column that {@link #predict} adds: probabilities by class, or one number. */
    String OUTPUT = "output";

    /**
     * Predicts each row.
     *
     * @param rows as {@link FeatureTable#vectors} makes them
     * @return the rows with {@code output ARRAY<DOUBLE>} beside them
     */
    Dataset<Row> predict(Dataset<Row> rows);
  }
}
