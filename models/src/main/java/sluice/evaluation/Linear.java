package sluice.evaluation;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Logistic regression (multinomial for more than two classes) or linear regression of spark.ml on
 * standardised features with a little L2, which gives one-hot columns a single best solution.
 *
 * @param kind which of them
 * @param regularisation {@code regParam}
 * @param iterations {@code maxIter}
 * @param tolerance {@code tol}
 */
record Linear(Kind kind, double regularisation, int iterations, double tolerance)
    implements Baseline {
  private static final int MOST_COEFFICIENTS = 2_000_000;

  enum Kind {
    LOGISTIC,
    LEAST_SQUARES
  }

  @Override
  public Optional<String> objection(Label label, int features) {
    boolean number = label.task() == Task.REGRESSION;
    if (number != (kind == Kind.LEAST_SQUARES)) {
      return Optional.of(number ? "needs a class label" : "needs a numeric label");
    }
    long coefficients = (long) features * Math.max(1, label.classes().size());
    return coefficients <= MOST_COEFFICIENTS
        ? Optional.empty()
        : Optional.of(
            "takes at most %d coefficients, got %d".formatted(MOST_COEFFICIENTS, coefficients));
  }

  @Override
  public int mostTrainRows() {
    return 1_000_000;
  }

  @Override
  public int partitions() {
    return 1;
  }

  @Override
  public Map<String, Object> parameters() {
    return new TreeMap<>(
        Map.of(
            "regParam", regularisation,
            "elasticNetParam", 0.0,
            "standardization", true,
            "maxIter", iterations,
            "tol", tolerance));
  }

  @Override
  public Fitted fit(Dataset<Row> train, Label label, long seed) {
    if (kind == Kind.LOGISTIC) {
      LogisticRegressionModel model =
          new LogisticRegression()
              .setRegParam(regularisation)
              .setMaxIter(iterations)
              .setTol(tolerance)
              .fit(train);
      return rows ->
          model
              .transform(rows)
              .withColumn(Fitted.OUTPUT, vector_to_array(col("probability"), "float64"));
    }
    LinearRegressionModel model =
        new LinearRegression()
            .setRegParam(regularisation)
            .setMaxIter(iterations)
            .setTol(tolerance)
            .fit(train);
    return rows -> model.transform(rows).withColumn(Fitted.OUTPUT, array(col("prediction")));
  }
}
