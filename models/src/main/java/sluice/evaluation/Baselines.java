package sluice.evaluation;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * The baselines by type, fitted to the train rows of a feature table.
 *
 * <p>The sums of spark.ml depend on the partitions and on the order in which tasks end. Train rows
 * are therefore put in the order of their keys, in one partition: results are the same to the bit
 * on any number of cores and for any partitions of the input. That bounds the rows a model can be
 * fitted to in good time; of more, a share is drawn by key: about 1,000,000 for the linear models,
 * for trees 250,000, and fewer of many columns or classes. Predicting goes over the rows as they
 * come.
 */
public final class Baselines {
  private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);

  static final SortedMap<String, Baseline> TYPES =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "majority", new Constant(Constant.Answer.MAJORITY),
                  "mean", new Constant(Constant.Answer.MEAN),
                  "logistic-regression",
                      new Linear(Linear.Kind.LOGISTIC, Linear.STRENGTHS, 200, 1e-6),
                  "linear-regression",
                      new Linear(Linear.Kind.LEAST_SQUARES, Linear.STRENGTHS, 200, 1e-6),
                  "gradient-boosted-trees", BoostedTrees.TUNED)));

  /** Stands for the constant, the linear model and the trees of the task. */
  public static final String AUTO = "auto";

  private Baselines() {}

  /** The names of every type, sorted. */
  public static Set<String> types() {
    return TYPES.keySet();
  }

  /** Whether a baseline gives the same answer for every row. */
  public static boolean isConstant(String type) {
    return TYPES.get(type) instanceof Constant;
  }

  /**
   * Why a baseline does not suit a label, before there are features; nothing if it does.
   *
   * @param type one of {@link #types}, or {@value #AUTO}
   * @throws InvalidInput (configuration) if there is no such type
   */
  public static Optional<String> objection(String type, Label label) {
    return type.equals(AUTO) ? Optional.empty() : type(type).objection(label, List.of());
  }

  /**
   * The types to fit: those that are asked for, behind the constant of the task, which is always
   * there. For {@value #AUTO} the constant, the linear model and the trees that suit the task.
   *
   * @throws InvalidInput (configuration) that names each one asked for that does not suit it
   */
  static List<String> chosen(List<String> asked, Label label, List<FeatureGroup> groups) {
    boolean number = label.task() == Task.REGRESSION;
    Set<String> types = new LinkedHashSet<>();
    types.add(number ? "mean" : "majority");
    if (asked.contains(AUTO)) {
      for (String type :
          List.of(number ? "linear-regression" : "logistic-regression", "gradient-boosted-trees")) {
        Optional<String> objection = type(type).objection(label, groups);
        objection.ifPresentOrElse(
            reason -> LOG.warn("Baseline {} is left out: it {}", type, reason),
            () -> types.add(type));
      }
      return List.copyOf(types);
    }
    List<String> problems = new ArrayList<>();
    for (String type : asked) {
      type(type)
          .objection(label, groups)
          .ifPresent(
              objection ->
                  problems.add(
                      "evaluate.baselines: %s %s; label %s is %s"
                          .formatted(type, objection, label.column(), label.task())));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    types.addAll(asked);
    return List.copyOf(types);
  }

  /**
   * Fits baselines to the train rows and lets them predict.
   *
   * @param asked as in {@link #types}, or {@value #AUTO}
   * @param train the part to fit to
   * @param validation the part to choose on; null if there is none
   * @param judged the part to predict beside the validation part
   * @return the constant of the task first
   * @throws InvalidInput if a baseline does not suit the task, or there are no train rows
   */
  public static List<BaselineResult> fit(
      List<String> asked,
      FeatureTable table,
      String train,
      @Nullable String validation,
      String judged,
      long seed) {
    List<String> types = chosen(asked, table.label(), table.groups());
    long trainRows = table.count(train);
    if (trainRows == 0) {
      throw InvalidInput.data("baselines need train rows, got none");
    }
    List<BaselineResult> results = new ArrayList<>();
    for (String type : types) {
      results.add(fit(type, type(type), table, train, trainRows, validation, judged, seed));
    }
    return results;
  }

  static BaselineResult fit(
      String type,
      Baseline baseline,
      FeatureTable table,
      String train,
      long trainRows,
      @Nullable String validation,
      String judged,
      long seed) {
    table.rows().sparkSession().sparkContext().setJobDescription("baseline " + type);
    long start = System.nanoTime();
    double share = (double) baseline.mostTrainRows(table.label(), table.groups()) / trainRows;
    Dataset<Row> drawn =
        table.ordered(train, baseline.form(), share, seed).persist(StorageLevel.MEMORY_AND_DISK());
    @Nullable Dataset<Row> held =
        validation == null
            ? null
            : table
                .ordered(validation, baseline.form(), share, seed)
                .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long drawnRows = drawn.count();
      LOG.info("Baseline {}: fitting {} of {} train rows", type, drawnRows, trainRows);
      Baseline.Fitted fitted =
          baseline.fit(new Baseline.Parts(drawn, held, table.label(), table.groups()));
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, Predictions> predictions = new LinkedHashMap<>();
      for (String part : validation == null ? List.of(judged) : List.of(judged, validation)) {
        predictions.put(
            part,
            collect(fitted.prediction().predict(table.rows(part, baseline.form())), table.label()));
      }
      LOG.info(
          "Baseline {}: fitted in {} s, {}",
          type,
          Math.round(seconds * 10) / 10.0,
          new TreeMap<>(fitted.parameters()));
      return new BaselineResult(type, fitted.parameters(), drawnRows, seconds, predictions);
    } finally {
      drawn.unpersist();
      if (held != null) {
        held.unpersist();
      }
      table.rows().sparkSession().sparkContext().setJobDescription(null);
    }
  }

  /** Predictions with {@code output} on the driver. */
  static Predictions collect(Dataset<Row> predicted, Label label) {
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
