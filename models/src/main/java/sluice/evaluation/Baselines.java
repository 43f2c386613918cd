package sluice.evaluation;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * The baselines by type, fitted to the train rows of a feature table.
 *
 * <p>The sums of spark.ml depend on the partitions and on the order in which tasks end. Train rows
 * are therefore put in the order of their keys, in so few partitions that neither matters: results
 * are the same to the bit on any number of cores and for any partitions of the input. That bounds
 * the rows a model can be fitted to in good time; of more, a share is drawn by key: about 1,000,000
 * for the linear models, 250,000 for trees. Predicting goes over the rows as they come.
 */
public final class Baselines {
  private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);

  static final SortedMap<String, Baseline> TYPES =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "majority", new Constant(Constant.Answer.MAJORITY),
                  "mean", new Constant(Constant.Answer.MEAN),
                  "logistic-regression", new Linear(Linear.Kind.LOGISTIC, 1e-4, 200, 1e-6),
                  "linear-regression", new Linear(Linear.Kind.LEAST_SQUARES, 1e-4, 200, 1e-6),
                  "gradient-boosted-trees", new BoostedTrees(20, 5, 0.3, 32))));

  private Baselines() {}

  /** The names of every type, sorted. */
  public static Set<String> types() {
    return TYPES.keySet();
  }

  /**
   * Why a baseline does not suit a label, before there are features; nothing if it does.
   *
   * @throws InvalidInput (configuration) if there is no such type
   */
  public static Optional<String> objection(String type, Label label) {
    return type(type).objection(label, 1);
  }

  /**
   * Checks, before anything is trained, that baselines suit the task.
   *
   * @throws InvalidInput (configuration) that names each one that does not
   */
  public static void check(List<String> types, Label label, List<FeatureGroup> groups) {
    int features = ExpandFeatures.width(groups);
    List<String> problems = new ArrayList<>();
    for (String type : types) {
      type(type)
          .objection(label, features)
          .ifPresent(
              objection ->
                  problems.add(
                      "evaluate.baselines: %s %s; label %s is %s"
                          .formatted(type, objection, label.column(), label.task())));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /**
   * Fits baselines to the train rows and lets them predict.
   *
   * @param types as in {@link #types}
   * @param train the part to fit to
   * @param judged the parts to predict
   * @return in the order of the types
   * @throws InvalidInput if a baseline does not suit the task, or there are no train rows
   */
  public static List<BaselineResult> fit(
      List<String> types, FeatureTable table, String train, List<String> judged, long seed) {
    check(types, table.label(), table.groups());
    if (types.isEmpty()) {
      return List.of();
    }
    long trainRows = table.count(train);
    if (trainRows == 0) {
      throw InvalidInput.data("baselines need train rows, got none");
    }
    List<BaselineResult> results = new ArrayList<>();
    for (String type : types) {
      results.add(fit(type, type(type), table, train, trainRows, judged, seed));
    }
    return results;
  }

  static BaselineResult fit(
      String type,
      Baseline baseline,
      FeatureTable table,
      String train,
      long trainRows,
      List<String> judged,
      long seed) {
    table.rows().sparkSession().sparkContext().setJobDescription("baseline " + type);
    long start = System.nanoTime();
    Dataset<Row> drawn =
        table
            .ordered(
                train, (double) baseline.mostTrainRows() / trainRows, baseline.partitions(), seed)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long drawnRows = drawn.count();
      LOG.info("Baseline {}: fitting {} of {} train rows", type, drawnRows, trainRows);
      Baseline.Fitted fitted = baseline.fit(drawn, table.label(), seed);
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Predictions> predictions = new LinkedHashMap<>();
      for (String part : judged) {
        predictions.put(part, collect(fitted.predict(table.vectors(part)), table.label()));
      }
      LOG.info("Baseline {}: fitted in {} s", type, Math.round(seconds * 10) / 10.0);
      return new BaselineResult(type, baseline.parameters(), drawnRows, seconds, predictions);
    } finally {
      drawn.unpersist();
      table.rows().sparkSession().sparkContext().setJobDescription(null);
    }
  }

  private static Predictions collect(Dataset<Row> predicted, Label label) {
    if (label.task() == Task.REGRESSION) {
      return PredictionRows.numbers(
          predicted.withColumn("number", col(Baseline.Fitted.OUTPUT).getItem(0)),
          FeatureTable.KEY,
          FeatureTable.LABEL,
          "number",
          List.of());
    }
    return PredictionRows.classes(
        predicted,
        FeatureTable.KEY,
        FeatureTable.LABEL,
        Baseline.Fitted.OUTPUT,
        List.of(),
        label.classes().size());
  }

  private static Baseline type(String type) {
    Baseline baseline = TYPES.get(type);
    if (baseline == null) {
      throw InvalidInput.configuration(
          "evaluate.baselines must be of %s, got %s".formatted(types(), type));
    }
    return baseline;
  }
}
