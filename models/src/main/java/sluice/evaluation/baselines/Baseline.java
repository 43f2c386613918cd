package sluice.evaluation.baselines;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.metric.Label;
import sluice.features.TensorSpec;

/** A simple model to compare a network with: an immutable record, named in {@link Baselines}. */
sealed interface Baseline permits Constant, MostFrequentTag, Baseline.OfFeatures {

  /** Why this model cannot be fitted to such a task, if so. */
  Optional<String> objection(Label label, List<TensorSpec> groups);

  /** Whether it can be fitted to series of indices, weighted or not. */
  default boolean readsSeries() {
    return true;
  }

  /** What it reads of a row that it is fitted to. */
  BaselineInput.Form form();

  /** A model that is fitted to features, in the order of the rows' keys. */
  non-sealed interface OfFeatures extends Baseline {

    /**
     * About how many rows of a part it takes at most; of more it takes a share, drawn by key. They
     * lie in one partition, so this bounds the time.
     */
    int mostRows(Label label, List<TensorSpec> groups);

    /** Fits the model. What can be chosen is chosen on the validation part. */
    Fitted fit(Parts parts);
  }

  /**
   * What a model is fitted to.
   *
   * @param train as {@link BaselineInput#ordered} makes it, not empty
   * @param validation likewise, but maybe empty; null if there is none
   */
  record Parts(
      Dataset<Row> train, @Nullable Dataset<Row> validation, Label label, List<TensorSpec> groups) {
    public Parts {
      groups = List.copyOf(groups);
    }
  }

  /**
   * A fitted model.
   *
   * @param parameters what it was fitted with, as the report shows it
   * @param prediction what it says of an example
   */
  record Fitted(Map<String, Object> parameters, Prediction prediction) {
    public Fitted {
      parameters = Map.copyOf(parameters);
    }
  }

  /** Says something of an example, in any thread. */
  @FunctionalInterface
  interface Prediction extends Serializable {

    /**
     * The probability of each class or name, or one number; of tags that of each for each token.
     *
     * @param values the features, an index as a number; none where {@link Baseline#form} has none
     */
    double[] of(float[] values);
  }
}
