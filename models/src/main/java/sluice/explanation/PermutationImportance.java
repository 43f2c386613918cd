package sluice.explanation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import sluice.bundle.FeatureExamples;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.predictions.Model;
import sluice.network.Examples;
import sluice.statistics.Quantiles;

/**
 * Permutation importance of raw columns: Breiman 2001, section 10; Fisher, Rudin and Dominici 2019.
 * A column's values are dealt out anew among the rows that have the label, which breaks what it
 * says of the label and keeps its distribution; the metric then is worse by what the model owed to
 * the column. Columns that say the same share their importance: permuting one leaves the other.
 *
 * <p>Whole raw columns are permuted, before the preprocessing, so that a category counts as one and
 * not as its one-hot parts. A model sees each permutation once for all labels that have the same
 * rows.
 *
 * <p>The sample is broadcast once for all models; {@link #close} destroys the broadcast.
 */
public final class PermutationImportance implements Explainer<Importances>, AutoCloseable {
  private final RawSample sample;
  private final int repeats;
  private final double confidence;
  private final long seed;
  private final JavaSparkContext spark;
  private final Broadcast<RawSample> sentSample;

  /**
   * @param sample the rows
   * @param repeats permutations of each column, at least 2
   * @param confidence the share of the repeats that an interval spans
   */
  public PermutationImportance(RawSample sample, int repeats, double confidence, long seed) {
    this.sample = sample;
    this.repeats = repeats;
    this.confidence = confidence;
    this.seed = seed;
    this.spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
    this.sentSample = spark.broadcast(sample);
  }

  /**
   * Labels that have the same rows, so that one permutation among these serves all of them.
   *
   * @param labels positions among the model's labels
   * @param rows positions in the sample
   */
  private record LabelGroup(List<Integer> labels, List<Integer> rows) implements Serializable {
    boolean isEnough() {
      return rows.size() >= Importances.LEAST_ROWS;
    }
  }

  /**
   * The rows of a group of labels with a column permuted.
   *
   * @param group the position of the group
   * @param column the position of the column; -1 for the rows as they are
   * @param repeat which permutation of the column
   */
  private record Trial(int group, int column, int repeat) implements Serializable {}

  private static String metric(Label label) {
    return switch (label.task()) {
      case BINARY, MULTILABEL -> "rocAuc";
      case MULTICLASS -> "logLoss";
      case REGRESSION -> "mae";
      case TAGS -> throw new IllegalStateException("no importances of tags");
    };
  }

  /**
   * The importance of every column that the preprocessing reads.
   *
   * @return for each label; without a column where the metric is undefined on the rows, or there
   *     are too few, which {@link Importances#notMeasured} says
   */
  @Override
  public List<Importances> explain(Model model) {
    List<Label> labels = model.labels();
    Shared shared = new Shared(model, groups(labels), seed);
    @Nullable Double[] unpermuted = unpermuted(shared);
    double[][][] losses = losses(shared, unpermuted);
    List<Importances> all = new ArrayList<>();
    for (int label = 0; label < unpermuted.length; label++) {
      List<ColumnImportance> columns = new ArrayList<>();
      if (unpermuted[label] != null) {
        for (int column = 0; column < losses[label].length; column++) {
          columns.add(importance(sample.columns().get(column), losses[label][column]));
        }
      }
      columns.sort(
          Comparator.comparingDouble(ColumnImportance::loss)
              .reversed()
              .thenComparing(ColumnImportance::column));
      all.add(
          new Importances(
              metric(labels.get(label)),
              unpermuted[label],
              sample.rows(labels.get(label)).size(),
              repeats,
              confidence,
              columns));
    }
    return all;
  }

  private List<LabelGroup> groups(List<Label> labels) {
    Map<List<Integer>, List<Integer>> byRows = new LinkedHashMap<>();
    for (int label = 0; label < labels.size(); label++) {
      byRows.computeIfAbsent(sample.rows(labels.get(label)), rows -> new ArrayList<>()).add(label);
    }
    List<LabelGroup> groups = new ArrayList<>();
    byRows.forEach((rows, members) -> groups.add(new LabelGroup(List.copyOf(members), rows)));
    return List.copyOf(groups);
  }

  /** Of each label the metric on its rows as they are; null where it is undefined. */
  private @Nullable Double[] unpermuted(Shared shared) {
    @Nullable Double[] all = new @Nullable Double[shared.model().labels().size()];
    if (shared.groups().stream().anyMatch(LabelGroup::isEnough)) {
      Trials run = shared.open(sample);
      for (int group = 0; group < shared.groups().size(); group++) {
        LabelGroup members = shared.groups().get(group);
        if (members.isEnough()) {
          @Nullable Double[] metrics = run.metrics(new Trial(group, -1, 0));
          members.labels().forEach(label -> all[label] = metrics[label]);
        }
      }
    }
    return all;
  }

  /** By label, column and repeat, by how much the metric became worse. */
  private double[][][] losses(Shared shared, @Nullable Double[] unpermuted) {
    List<Label> labels = shared.model().labels();
    int columns = sample.columns().size();
    double[][][] losses = new double[labels.size()][columns][repeats];
    List<Trial> trials = new ArrayList<>();
    for (int group = 0; group < shared.groups().size(); group++) {
      if (shared.groups().get(group).labels().stream().allMatch(i -> unpermuted[i] == null)) {
        continue;
      }
      for (int column = 0; column < columns; column++) {
        for (int repeat = 0; repeat < repeats; repeat++) {
          trials.add(new Trial(group, column, repeat));
        }
      }
    }
    if (trials.isEmpty()) {
      return losses;
    }
    for (Tuple2<Trial, @Nullable Double[]> result : run(shared, trials)) {
      Trial trial = result._1();
      for (int label : shared.groups().get(trial.group()).labels()) {
        @Nullable Double before = unpermuted[label];
        if (before != null) {
          String metric = metric(labels.get(label));
          @Nullable Double after = result._2()[label];
          if (after == null) {
            throw new IllegalStateException(metric + " is undefined once a column is permuted");
          }
          losses[label][trial.column()][trial.repeat()] = Metrics.named(metric).gain(before, after);
        }
      }
    }
    return losses;
  }

  private List<Tuple2<Trial, @Nullable Double[]>> run(Shared shared, List<Trial> trials) {
    Broadcast<RawSample> rows = sentSample;
    Broadcast<Shared> sent = spark.broadcast(shared);
    int tasks = Math.min(trials.size(), Math.max(1, 2 * spark.defaultParallelism()));
    try {
      return spark
          .parallelize(trials, tasks)
          .mapPartitions(
              some -> {
                Trials run = sent.value().open(rows.value());
                List<Tuple2<Trial, @Nullable Double[]>> found = new ArrayList<>();
                some.forEachRemaining(trial -> found.add(new Tuple2<>(trial, run.metrics(trial))));
                return found.iterator();
              })
          .collect();
    } finally {
      sent.destroy();
    }
  }

  private ColumnImportance importance(String column, double[] losses) {
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double tail = (1 - confidence) / 2;
    return new ColumnImportance(
        column,
        Arrays.stream(sorted).average().orElseThrow(),
        Quantiles.of(sorted, tail),
        Quantiles.of(sorted, 1 - tail));
  }

  @Override
  public void close() {
    sentSample.destroy();
  }

  /** What all tasks have, beside the sample. */
  private record Shared(Model model, List<LabelGroup> groups, long seed) implements Serializable {
    Trials open(RawSample sample) {
      return new Trials(this, sample, model.open());
    }
  }

  /** Scores permuted samples; one an executor's task. */
  private record Trials(Shared shared, RawSample sample, Model.Outputs model) {

    /** By label the metrics of a trial; null where undefined, and of labels of other groups. */
    @Nullable Double[] metrics(Trial trial) {
      LabelGroup group = shared.groups().get(trial.group());
      Examples examples =
          FeatureExamples.of(
              shared.model().layout(),
              sample.features(group.rows(), trial.column(), order(trial, group.rows().size())));
      double[][][] outputs = model.of(examples);
      List<Label> labels = shared.model().labels();
      @Nullable Double[] metrics = new @Nullable Double[labels.size()];
      for (int i : group.labels()) {
        Label label = labels.get(i);
        metrics[i] =
            Scores.of(sample.predictions(label, group.rows(), outputs[i]), label)
                .value(metric(label));
      }
      return metrics;
    }

    private int[] order(Trial trial, int rows) {
      int[] order = new int[rows];
      SplittableRandom random =
          new SplittableRandom(
              shared.seed() ^ (0x9E3779B97F4A7C15L * (31L * trial.column() + trial.repeat() + 1)));
      for (int i = 0; i < order.length; i++) {
        int j = trial.column() < 0 ? i : random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }
  }
}
