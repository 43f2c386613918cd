package sluice.evaluation.baselines;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.normalise.FeatureGroup;
import sluice.statistics.Moments;

/**
 * Logistic regression (multinomial for more than two classes) or linear regression of spark.ml on
 * standardised features with L2, as strong as is best on the validation part, by log loss or RMSE.
 * Linear regression learns the standardised label: spark.ml divides its penalty by the label's
 * standard deviation, and the fit would depend on the unit of the label.
 *
 * @param kind which of them
 * @param strengths that are tried, of {@code regParam}; the first is taken without a validation
 *     part
 * @param iterations {@code maxIter}
 * @param tolerance {@code tol}
 */
record Linear(Kind kind, List<Double> strengths, int iterations, double tolerance)
    implements Baseline.OfFeatures {
  /** From hardly any to much. */
  static final List<Double> STRENGTHS = List.of(1e-4, 1e-3, 1e-2, 1e-1);

  private static final int MOST_COEFFICIENTS = 2_000_000;

  Linear {
    strengths = List.copyOf(strengths);
  }

  enum Kind {
    LOGISTIC,
    LEAST_SQUARES
  }

  @Override
  public Optional<String> objection(Label label, List<FeatureGroup> groups) {
    boolean number = label.task() == Task.REGRESSION;
    if (number != (kind == Kind.LEAST_SQUARES)) {
      return Optional.of(number ? "needs a class label" : "needs a numeric label");
    }
    long coefficients = (long) ExpandFeatures.width(groups) * Math.max(1, label.classes().size());
    return coefficients <= MOST_COEFFICIENTS
        ? Optional.empty()
        : Optional.of(
            "takes at most %d coefficients, got %d".formatted(MOST_COEFFICIENTS, coefficients));
  }

  @Override
  public int mostRows(Label label, List<FeatureGroup> groups) {
    return 1_000_000;
  }

  @Override
  public BaselineInput.Form form() {
    return BaselineInput.Form.VECTOR;
  }

  @Override
  public Fitted fit(Parts parts) {
    @Nullable Dataset<Row> validation = parts.validation();
    DoubleFunction<Fitted> ofStrength =
        switch (kind) {
          case LOGISTIC -> strength -> logistic(parts.train(), strength);
          case LEAST_SQUARES -> leastSquares(parts.train());
        };
    if (validation == null) {
      return ofStrength.apply(strengths.get(0));
    }
    @Nullable Fitted best = null;
    double least = Double.POSITIVE_INFINITY;
    for (double strength : strengths) {
      Fitted fitted = ofStrength.apply(strength);
      Predictions predictions =
          Baselines.collect(fitted.prediction().predict(validation), parts.label());
      Double loss =
          Scores.of(predictions, parts.label()).value(kind == Kind.LOGISTIC ? "logLoss" : "rmse");
      if (best == null || (loss != null && loss < least)) {
        best = fitted;
        least = loss == null ? least : loss;
      }
    }
    return Objects.requireNonNull(best);
  }

  private Fitted logistic(Dataset<Row> train, double strength) {
    LogisticRegressionModel model =
        new LogisticRegression()
            .setRegParam(strength)
            .setMaxIter(iterations)
            .setTol(tolerance)
            .fit(train);
    return new Fitted(
        parameters(strength),
        rows ->
            model
                .transform(rows)
                .withColumn(Fitted.OUTPUT, vector_to_array(col("probability"), "float64")));
  }

  private DoubleFunction<Fitted> leastSquares(Dataset<Row> train) {
    Moments label = BaselineInput.moments(train);
    double mean = label.mean();
    double unit = label.std() > 0 ? label.std() : 1;
    Dataset<Row> standardised =
        train.withColumn(
            BaselineInput.LABEL, col(BaselineInput.LABEL).minus(lit(mean)).divide(lit(unit)));
    return strength -> {
      LinearRegressionModel model =
          new LinearRegression()
              .setRegParam(strength)
              .setMaxIter(iterations)
              .setTol(tolerance)
              .fit(standardised);
      return new Fitted(
          parameters(strength),
          rows ->
              model
                  .transform(rows)
                  .withColumn(
                      Fitted.OUTPUT, array(col("prediction").multiply(lit(unit)).plus(lit(mean)))));
    };
  }

  private Map<String, Object> parameters(double strength) {
    return Map.of(
        "regParam", strength,
        "elasticNetParam", 0.0,
        "standardization", true,
        "maxIter", iterations,
        "tol", tolerance);
  }
}
