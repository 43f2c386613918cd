package sluice.evaluation.baselines;

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
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.decision.DecideSettings;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;

/**
 * The baselines by type, fitted to the train rows of a feature table.
 *
 * <p>The sums of spark.ml depend on the partitions and on the order in which tasks end. Train rows
 * are therefore put in the order of their keys, in one partition: results are the same to the bit
 * on any number of cores and for any partitions of the input. That bounds the rows a model can be
 * fitted to and chosen on in good time; of more, a share is drawn by key: of either part about
 * 1,000,000 for the linear models, for trees 250,000, and fewer of many columns or classes. A
 * constant takes all train rows as they come, and so does predicting.
 */
public final class Baselines {
  private static final Logger LOG = LoggerFactory.getLogger(Baselines.class);

  static final SortedMap<String, Baseline> TYPES =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "majority", new Constant(Constant.Answer.MAJORITY),
                  "mean", new Constant(Constant.Answer.MEAN),
                  "most-frequent-tag", new MostFrequentTag(),
                  "logistic-regression",
                      new Linear(Linear.Kind.LOGISTIC, Linear.STRENGTHS, 200, 1e-6),
                  "linear-regression",
                      new Linear(Linear.Kind.LEAST_SQUARES, Linear.STRENGTHS, 200, 1e-6),
                  "gradient-boosted-trees", BoostedTrees.TUNED)));

  /**
   * Stands for the constant, the linear model and the trees of the task, or for what tags and sets
   * have.
   */
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
   * Why a baseline cannot be fitted to features with these series, before there are features;
   * nothing if it can.
   *
   * @param type one of {@link #types}, or {@value #AUTO}
   * @param series the names of the feature groups that are series
   * @throws InvalidInput (configuration) if there is no such type
   */
  public static Optional<String> objection(String type, List<String> series) {
    return type.equals(AUTO) || series.isEmpty() || type(type).readsSeries()
        ? Optional.empty()
        : Optional.of("reads no series, which %s is".formatted(String.join(" and ", series)));
  }

  /**
   * The types to fit.
   *
   * @param types the constant of the task first
   * @param leftOut which of {@value #AUTO} are not among them, and why, for people
   */
  record Chosen(List<String> types, List<String> leftOut) {
    Chosen {
      types = List.copyOf(types);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * The types that are asked for, behind the constant of the task, which is always there. For
   * {@value #AUTO} the constant, the linear model and the trees that suit the task.
   *
   * @throws InvalidInput (configuration) that names each one asked for that does not suit it
   */
  static Chosen chosen(List<String> asked, Label label, List<TensorSpec> groups) {
    Set<String> types = new LinkedHashSet<>();
    types.add(simplest(label));
    if (asked.contains(AUTO)) {
      List<String> leftOut = new ArrayList<>();
      for (String type : learned(label)) {
        Optional<String> objection = type(type).objection(label, groups);
        objection.ifPresentOrElse(
            reason -> leftOut.add("%s left out: it %s".formatted(type, reason)),
            () -> types.add(type));
      }
      return new Chosen(List.copyOf(types), leftOut);
    }
    requireSuiting("evaluate.baselines", asked, label, groups);
    types.addAll(asked);
    return new Chosen(List.copyOf(types), List.of());
  }

  private static String simplest(Label label) {
    return switch (label.task()) {
      case BINARY, MULTICLASS, MULTILABEL -> "majority";
      case REGRESSION -> "mean";
      case TAGS -> "most-frequent-tag";
    };
  }

  private static List<String> learned(Label label) {
    return switch (label.task()) {
      case BINARY, MULTICLASS -> List.of("logistic-regression", "gradient-boosted-trees");
      case REGRESSION -> List.of("linear-regression", "gradient-boosted-trees");
      case TAGS, MULTILABEL -> List.of();
    };
  }

  private static void requireSuiting(
      String key, List<String> asked, Label label, List<TensorSpec> groups) {
    List<String> problems = new ArrayList<>();
    for (String type : asked) {
      type(type)
          .objection(label, groups)
          .ifPresent(
              objection ->
                  problems.add(
                      "%s: %s %s; label %s is %s"
                          .formatted(key, type, objection, label.column(), label.task())));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Which models of {@value #AUTO} a label or its features are too large for, with the reason. */
  public static List<String> leftOut(List<String> asked, Label label, List<TensorSpec> groups) {
    return chosen(asked, label, groups).leftOut();
  }

  /** Those that are asked for as far as they suit a label, which is one of several. */
  public static List<String> suiting(List<String> asked, Label label) {
    return asked.stream().filter(type -> objection(type, label).isEmpty()).toList();
  }

  /**
   * The rows that baselines are about.
   *
   * @param table all parts
   * @param train the part to fit to
   * @param validation the part to choose on; null if there is none
   * @param judged the part to predict
   */
  public record Rows(
      BaselineInput table, String train, @Nullable String validation, String judged) {

    /**
     * What is predicted: the validation part only where a decision is learned of it, since it costs
     * as much time and memory as the judged part.
     */
    private List<String> predicted(DecideSettings decide) {
      return validation == null || !decide.isFitted()
          ? List.of(judged)
          : List.of(judged, validation);
    }
  }

  /**
   * Fits baselines to the train rows and lets them predict.
   *
   * @param asked as in {@link #types}, or {@value #AUTO}
   * @param decide what is asked of their decisions; the validation part is predicted only if
   *     something is learned of it
   * @return the constant of the task first
   * @throws InvalidInput if a baseline does not suit the task, or there are no train rows
   */
  public static List<BaselineResult> fit(
      List<String> asked, Rows rows, DecideSettings decide, long seed) {
    Chosen chosen = chosen(asked, rows.table().label(), rows.table().groups());
    Map<String, Long> counts = counts(rows);
    List<BaselineResult> results = new ArrayList<>();
    for (String type : chosen.types()) {
      results.add(fit(type, type(type), rows, counts, decide, seed));
    }
    return results;
  }

  /**
   * Fits baselines to the train rows, the same as {@link #fit}.
   *
   * @param key what asks for them, for messages
   * @param asked of {@link #types}; there is no constant beside them
   * @throws InvalidInput if a baseline does not suit the task, or there are no train rows
   */
  public static List<FittedBaseline> fitted(String key, List<String> asked, Rows rows, long seed) {
    requireSuiting(key, asked, rows.table().label(), rows.table().groups());
    if (asked.isEmpty()) {
      return List.of();
    }
    Map<String, Long> counts = counts(rows);
    return asked.stream().map(type -> fitted(type, type(type), rows, counts, seed)).toList();
  }

  private static Map<String, Long> counts(Rows rows) {
    Map<String, Long> counts = rows.table().counts();
    if (!counts.containsKey(rows.train())) {
      throw InvalidInput.data("baselines need train rows, got none");
    }
    return counts;
  }

  /**
   * Fits one of them and lets it predict.
   *
   * @param counts rows by part
   */
  static BaselineResult fit(
      String type,
      Baseline baseline,
      Rows rows,
      Map<String, Long> counts,
      DecideSettings decide,
      long seed) {
    FittedBaseline fitted = fitted(type, baseline, rows, counts, seed);
    SparkContext spark = rows.table().rows().sparkSession().sparkContext();
    spark.setJobDescription("baseline " + type);
    try {
      Map<String, Predictions> predictions = new LinkedHashMap<>();
      for (String part : rows.predicted(decide)) {
        predictions.put(part, rows.table().predictions(part, fitted.model()));
      }
      return new BaselineResult(fitted, predictions);
    } finally {
      spark.setJobDescription(null);
    }
  }

  private static FittedBaseline fitted(
      String type, Baseline baseline, Rows rows, Map<String, Long> counts, long seed) {
    SparkContext spark = rows.table().rows().sparkSession().sparkContext();
    spark.setJobDescription("baseline " + type);
    try {
      long start = System.nanoTime();
      BaselineInput table = rows.table();
      long trainRows = counts.getOrDefault(rows.train(), 0L);
      long fittedRows;
      Baseline.Fitted fitted;
      List<TensorSpec> read;
      if (baseline instanceof MostFrequentTag model) {
        read = List.of(model.tagged(table.label(), table.groups()));
        fittedRows = trainRows;
        fitted = model.fit(table.tagged(rows.train()), table.label());
      } else if (baseline instanceof Baseline.OfFeatures model) {
        read = table.groups();
        try (Drawn train = Drawn.of(table, rows.train(), counts, model, seed);
            @Nullable Drawn validation =
                rows.validation() == null
                    ? null
                    : Drawn.of(table, rows.validation(), counts, model, seed)) {
          fittedRows = train.rows().count();
          LOG.info("Baseline {}: fitting {} of {} train rows", type, fittedRows, trainRows);
          fitted =
              model.fit(
                  new Baseline.Parts(
                      train.rows(),
                      validation == null ? null : validation.rows(),
                      table.label(),
                      table.groups()));
        }
      } else {
        read = List.of();
        fittedRows = trainRows;
        fitted =
            ((Constant) baseline).fit(table.rows(rows.train(), baseline.form()), table.label());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      LOG.info(
          "Baseline {}: fitted in {} s, {}",
          type,
          Math.round(seconds * 10) / 10.0,
          new TreeMap<>(fitted.parameters()));
      ExampleLayout layout = new ExampleLayout(read);
      return new FittedBaseline(
          type,
          fitted.parameters(),
          fittedRows,
          seconds,
          new BaselineModel(
              layout,
              NetworkInput.ofIndices(
                  type, layout, read.stream().filter(group -> !group.isSeries()).toList()),
              table.label(),
              fitted.prediction()));
    } finally {
      spark.setJobDescription(null);
    }
  }

  /** As many rows of a part as a model takes, in order, kept until closed. */
  private record Drawn(Dataset<Row> rows) implements AutoCloseable {
    static Drawn of(
        BaselineInput table,
        String part,
        Map<String, Long> counts,
        Baseline.OfFeatures model,
        long seed) {
      long rows = Math.max(1, counts.getOrDefault(part, 0L));
      double share = (double) model.mostRows(table.label(), table.groups()) / rows;
      return new Drawn(
          table.ordered(part, model.form(), share, seed).persist(StorageLevel.MEMORY_AND_DISK()));
    }

    @Override
    public void close() {
      rows.unpersist();
    }
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
