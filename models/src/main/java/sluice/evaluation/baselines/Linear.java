package sluice.evaluation.baselines;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.predictions.PredictionRows;
import sluice.features.TensorSpec;
import sluice.statistics.Moments;

/**
 * Logistic regression (multinomial for more than two classes) or linear regression of spark.ml on
 * standardised features with L2, as strong as is best on the validation part, by log loss or RMSE.
 * Where there are weighted indices the features are taken as they are: standardised, an n-gram
 * would weigh the more the rarer it is. Linear regression learns the standardised label: spark.ml
 * divides its penalty by the label's standard deviation, and the fit would depend on the unit of
 * the label. Of a series of indices it reads how often each index occurs.
 *
 * @param kind which of them
 * @param strengths that are tried, of {@code regParam}, on standardised features; the first is
 *     taken without a validation part
 * @param iterations {@code maxIter}
 * @param tolerance {@code tol}
 */
record Linear(Kind kind, List<Double> strengths, int iterations, double tolerance)
    implements Baseline.OfFeatures {
  /** From hardly any to much. */
  static final List<Double> STRENGTHS = List.of(1e-4, 1e-3, 1e-2, 1e-1);

  /**
   * Of features that are not standardised: the numbers of a sparse vector of length 1 deviate by
   * little, and their coefficients are large. The first is taken without a validation part.
   */
  private static final List<Double> STRENGTHS_AS_THEY_ARE = List.of(1e-5, 1e-6, 1e-4, 1e-3);

  private static final int MOST_COEFFICIENTS = 2_000_000;

  Linear {
    strengths = List.copyOf(strengths);
  }

  enum Kind {
    LOGISTIC,
    LEAST_SQUARES
  }

  @Override
  public Optional<String> objection(Label label, List<TensorSpec> groups) {
    if (kind == Kind.LEAST_SQUARES && label.task() != Task.REGRESSION) {
      return Optional.of("needs a numeric label");
    }
    if (kind == Kind.LOGISTIC && !label.task().isOfClasses()) {
      return Optional.of("needs a class label");
    }
    Optional<TensorSpec> series =
        groups.stream().filter(group -> group.isSeries() && group.element().isNumber()).findFirst();
    if (series.isPresent()) {
      return Optional.of("reads no series of numbers, which %s is".formatted(series.get().name()));
    }
    long coefficients = (long) ExpandFeatures.width(groups) * Math.max(1, label.classes().size());
    return coefficients <= MOST_COEFFICIENTS
        ? Optional.empty()
        : Optional.of(
            "takes at most %d coefficients, got %d".formatted(MOST_COEFFICIENTS, coefficients));
  }

  @Override
  public int mostRows(Label label, List<TensorSpec> groups) {
    return 1_000_000;
  }

  @Override
  public BaselineInput.Form form() {
    return BaselineInput.Form.VECTOR;
  }

  @Override
  public Fitted fit(Parts parts) {
    @Nullable Dataset<Row> validation = parts.validation();
    DoubleFunction<OfVector> ofStrength =
        switch (kind) {
          case LOGISTIC -> strength -> logistic(parts, strength);
          case LEAST_SQUARES -> leastSquares(parts);
        };
    List<Double> tried = standardises(parts) ? strengths : STRENGTHS_AS_THEY_ARE;
    double chosen = tried.get(0);
    OfVector best = ofStrength.apply(chosen);
    double least = validation == null ? 0 : loss(best, validation, parts.label());
    for (double strength : tried.subList(1, validation == null ? 1 : tried.size())) {
      OfVector model = ofStrength.apply(strength);
      double loss = loss(model, Objects.requireNonNull(validation), parts.label());
      if (loss < least) {
        chosen = strength;
        best = model;
        least = loss;
      }
    }
    OfVector model = best;
    ExpandFeatures expand = new ExpandFeatures(parts.groups());
    return new Fitted(parameters(parts, chosen), values -> model.of(expand.vector(values)));
  }

  /** The probabilities or the number of a vector. */
  @FunctionalInterface
  private interface OfVector extends Serializable {
    double[] of(Vector features);
  }

  /** On the validation part; infinite where it is undefined. */
  private double loss(OfVector model, Dataset<Row> validation, Label label) {
    UDF1<Vector, double[]> predict = model::of;
    Column outputs =
        udf(predict, DataTypes.createArrayType(DataTypes.DoubleType, false))
            .apply(col(BaselineInput.FEATURES));
    @Nullable Double loss =
        Scores.of(
                PredictionRows.of(
                    label,
                    validation,
                    new PredictionRows.Shape(
                        BaselineInput.KEY, BaselineInput.LABEL, outputs, List.of())),
                label)
            .value(kind == Kind.LOGISTIC ? "logLoss" : "rmse");
    return loss == null ? Double.POSITIVE_INFINITY : loss;
  }

  private static boolean standardises(Parts parts) {
    return parts.groups().stream().noneMatch(TensorSpec::isWeighted);
  }

  private OfVector logistic(Parts parts, double strength) {
    LogisticRegressionModel model =
        new LogisticRegression()
            .setRegParam(strength)
            .setStandardization(standardises(parts))
            .setMaxIter(iterations)
            .setTol(tolerance)
            .fit(parts.train());
    return features -> model.predictProbability(features).toArray();
  }

  private DoubleFunction<OfVector> leastSquares(Parts parts) {
    Dataset<Row> train = parts.train();
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
              .setStandardization(standardises(parts))
              .setMaxIter(iterations)
              .setTol(tolerance)
              .fit(standardised);
      return features -> new double[] {model.predict(features) * unit + mean};
    };
  }

  private Map<String, Object> parameters(Parts parts, double strength) {
    return Map.of(
        "regParam", strength,
        "elasticNetParam", 0.0,
        "standardization", standardises(parts),
        "maxIter", iterations,
        "tol", tolerance);
  }
}
