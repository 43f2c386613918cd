package sluice.evaluation;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Gradient-boosted trees of spark.ml. More than two classes are told apart by one model a class
 * against the rest, whose probabilities are divided by their sum; that takes as many times as long,
 * so the number of classes is limited.
 *
 * @param iterations the number of trees, {@code maxIter}
 * @param depth {@code maxDepth}
 * @param stepSize {@code stepSize}
 * @param bins {@code maxBins}: candidate thresholds a feature
 */
record BoostedTrees(int iterations, int depth, double stepSize, int bins) implements Baseline {
  private static final int MOST_CLASSES = 20;
  private static final int MOST_FEATURES = 10_000;

  @Override
  public Optional<String> objection(Label label, int features) {
    if (label.classes().size() > MOST_CLASSES) {
      return Optional.of(
          "takes at most %d classes, got %d".formatted(MOST_CLASSES, label.classes().size()));
    }
    return features <= MOST_FEATURES
        ? Optional.empty()
        : Optional.of(
            "takes at most %d expanded features, got %d".formatted(MOST_FEATURES, features));
  }

  @Override
  public int mostTrainRows() {
    return 250_000;
  }

  @Override
  public int partitions() {
    // Two partitions add up alike in either order; three do not.
    return 2;
  }

  @Override
  public Map<String, Object> parameters() {
    return new TreeMap<>(
        Map.of("maxIter", iterations, "maxDepth", depth, "stepSize", stepSize, "maxBins", bins));
  }

  @Override
  public Fitted fit(Dataset<Row> train, Label label, long seed) {
    return switch (label.task()) {
      case REGRESSION -> regression(train, seed);
      case BINARY -> binary(train, seed);
      case MULTICLASS -> oneVersusRest(train, seed);
    };
  }

  private GBTClassifier classifier(long seed) {
    return new GBTClassifier()
        .setMaxIter(iterations)
        .setMaxDepth(depth)
        .setStepSize(stepSize)
        .setMaxBins(bins)
        .setSeed(seed);
  }

  private Fitted binary(Dataset<Row> train, long seed) {
    GBTClassificationModel model = classifier(seed).fit(train);
    return rows ->
        model
            .transform(rows)
            .withColumn(Fitted.OUTPUT, vector_to_array(col("probability"), "float64"));
  }

  private Fitted oneVersusRest(Dataset<Row> train, long seed) {
    OneVsRestModel model = new OneVsRest().setClassifier(classifier(seed)).fit(train);
    // A tree ensemble's margin m means the probability 1 / (1 + exp(-2 m)).
    return rows ->
        model
            .transform(rows)
            .withColumn("margins", vector_to_array(col("rawPrediction"), "float64"))
            .withColumn("each", expr("transform(margins, m -> 1 / (1 + exp(-2 * m)))"))
            .withColumn("total", expr("aggregate(each, 0D, (sum, p) -> sum + p)"))
            .withColumn(Fitted.OUTPUT, expr("transform(each, p -> p / total)"));
  }

  private Fitted regression(Dataset<Row> train, long seed) {
    GBTRegressionModel model =
        new GBTRegressor()
            .setMaxIter(iterations)
            .setMaxDepth(depth)
            .setStepSize(stepSize)
            .setMaxBins(bins)
            .setSeed(seed)
            .fit(train);
    return rows -> model.transform(rows).withColumn(Fitted.OUTPUT, array(col("prediction")));
  }
}
