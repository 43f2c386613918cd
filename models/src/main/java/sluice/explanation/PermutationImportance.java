package sluice.explanation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import sluice.bundle.BundleTarget;
import sluice.bundle.FeaturesPredictor;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;
import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.predictions.PredictionRows;
import sluice.normalise.Features;
import sluice.normalise.FittedLabel;
import sluice.normalise.Normalised;
import sluice.statistics.Quantiles;

/**
 * Permutation importance of raw columns: Breiman 2001, section 10; Fisher, Rudin and Dominici 2019.
 * A column's values are dealt out anew among the rows, which breaks what it says of the label and
 * keeps its distribution; the metric then is worse by what the network owed to the column. Columns
 * that say the same share their importance: permuting one leaves the other.
 *
 * <p>Whole raw columns are permuted, before the preprocessing, so that a category counts as one and
 * not as its one-hot parts.
 */
public final class PermutationImportance {
  private PermutationImportance() {}

  /** A column and which permutation of it. */
  private record Trial(int column, int repeat) implements java.io.Serializable {}

  /**
   * Measures the importance of every column that the preprocessing reads.
   *
   * @param target the label that the metric is of; rows without it are left out
   * @param rows cleaned rows of the test part: key, label and the columns of the preprocessing
   * @param maxRows how many of them to use at most: those with the least seeded hashes of their
   *     keys
   * @param repeats permutations of each column, at least 2
   * @param confidence the share of the repeats that an interval spans
   * @return without a column where the metric is undefined on the rows, or there are too few, which
   *     {@link Importances#notMeasured} says
   */
  public static Importances of(
      BundleTarget target,
      Dataset<Row> rows,
      int maxRows,
      int repeats,
      double confidence,
      long seed) {
    ModelBundle bundle = target.bundle();
    Label label = target.label();
    String metric =
        switch (label.task()) {
          case BINARY -> "rocAuc";
          case MULTICLASS -> "logLoss";
          case REGRESSION -> "mae";
        };
    List<String> columns = bundle.preprocessing().input().names();
    Sample sample = sample(target, rows, columns, maxRows, seed);
    JavaSparkContext spark = new JavaSparkContext(rows.sparkSession().sparkContext());
    int used = sample.labels().length;
    @Nullable Double unpermuted =
        used < Importances.LEAST_ROWS
            ? null
            : new Trials(sample, bundle.files(), target.index(), metric, seed).metric(-1, 0);
    if (unpermuted == null) {
      return new Importances(metric, null, used, repeats, confidence, List.of());
    }
    List<Trial> trials = new ArrayList<>();
    for (int column = 0; column < columns.size(); column++) {
      for (int repeat = 0; repeat < repeats; repeat++) {
        trials.add(new Trial(column, repeat));
      }
    }
    Broadcast<Sample> shared = spark.broadcast(sample);
    Broadcast<Map<String, byte[]>> files = spark.broadcast(bundle.files());
    int index = target.index();
    int tasks = Math.min(trials.size(), Math.max(1, 2 * spark.defaultParallelism()));
    List<Tuple2<Trial, Double>> results =
        spark
            .parallelize(trials, tasks)
            .mapPartitions(
                some -> {
                  Trials run = new Trials(shared.value(), files.value(), index, metric, seed);
                  List<Tuple2<Trial, Double>> found = new ArrayList<>();
                  some.forEachRemaining(trial -> found.add(new Tuple2<>(trial, run.metric(trial))));
                  return found.iterator();
                })
            .collect();
    shared.destroy();
    files.destroy();
    double[][] losses = new double[columns.size()][repeats];
    for (Tuple2<Trial, Double> result : results) {
      losses[result._1().column()][result._1().repeat()] =
          Metrics.named(metric).gain(unpermuted, result._2());
    }
    List<ColumnImportance> importances = new ArrayList<>();
    for (int column = 0; column < losses.length; column++) {
      importances.add(importance(columns.get(column), losses[column], confidence));
    }
    importances.sort(
        Comparator.comparingDouble(ColumnImportance::loss)
            .reversed()
            .thenComparing(ColumnImportance::column));
    return new Importances(metric, unpermuted, used, repeats, confidence, importances);
  }

  private static ColumnImportance importance(String column, double[] losses, double confidence) {
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double tail = (1 - confidence) / 2;
    return new ColumnImportance(
        column,
        Arrays.stream(sorted).average().orElseThrow(),
        Quantiles.of(sorted, tail),
        Quantiles.of(sorted, 1 - tail));
  }

  /**
   * Rows on the driver, in the order of their hashes.
   *
   * @param columns of the preprocessing
   * @param values per row the columns' values
   * @param keys hashes of the rows' keys
   * @param labels class indices, or numbers as read
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
  private record Sample(
      List<String> columns, @Nullable Object[][] values, long[] keys, double[] labels)
      implements java.io.Serializable {}

  private static Sample sample(
      BundleTarget target, Dataset<Row> rows, List<String> columns, int maxRows, long seed) {
    List<Column> selected = new ArrayList<>();
    selected.add(functions.col(DatasetContract.KEY).cast("binary"));
    Column label = Columns.named(target.fitted().column());
    selected.add(label);
    FittedLabel fitted = target.fitted();
    UDF1<@Nullable Object, Boolean> known = raw -> fitted.value(raw) != null;
    columns.forEach(name -> selected.add(Columns.named(name)));
    Column hash = functions.xxhash64(functions.lit(seed), functions.col(DatasetContract.KEY));
    List<Row> taken =
        rows.filter(functions.udf(known, DataTypes.BooleanType).apply(label))
            .orderBy(hash, functions.col(DatasetContract.KEY))
            .limit(maxRows)
            .select(selected.toArray(Column[]::new))
            .collectAsList();
    @Nullable Object[][] values = new @Nullable Object[taken.size()][columns.size()];
    long[] keys = new long[taken.size()];
    double[] labels = new double[taken.size()];
    for (int i = 0; i < labels.length; i++) {
      Row row = taken.get(i);
      keys[i] = Predictions.keyHash(row.<byte[]>getAs(0));
      labels[i] = target.truth(row.get(1));
      for (int c = 0; c < columns.size(); c++) {
        values[i][c] = row.get(2 + c);
      }
    }
    return new Sample(columns, values, keys, labels);
  }

  /** Scores permuted samples; one an executor's task. */
  private static final class Trials {
    private final Sample sample;
    private final BundleTarget target;
    private final FeaturesPredictor predictor;
    private final Label label;
    private final String metric;
    private final long seed;

    Trials(Sample sample, Map<String, byte[]> files, int target, String metric, long seed) {
      this.sample = sample;
      this.target = new BundleTarget(ModelBundle.of(files), target);
      this.predictor = new FeaturesPredictor(this.target.bundle());
      this.label = this.target.label();
      this.metric = metric;
      this.seed = seed;
    }

    /**
     * The metric of a trial.
     *
     * @throws IllegalStateException if it is undefined, although it was not on the rows as they are
     */
    double metric(Trial trial) {
      @Nullable Double value = metric(trial.column(), trial.repeat());
      if (value == null) {
        throw new IllegalStateException(metric + " is undefined once a column is permuted");
      }
      return value;
    }

    /**
     * The metric with one column permuted; null if it is undefined.
     *
     * @param permuted the column's position, or -1 for none
     */
    @Nullable Double metric(int permuted, int repeat) {
      int[] order = order(permuted, repeat);
      List<Features> examples = new ArrayList<>();
      for (int i = 0; i < order.length; i++) {
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        for (int c = 0; c < sample.columns().size(); c++) {
          record.put(sample.columns().get(c), sample.values()[c == permuted ? order[i] : i][c]);
        }
        examples.add(features(RawRecord.of(record)));
      }
      return Scores.of(predictions(predictor.predict(examples)[target.index()]), label)
          .value(metric);
    }

    private Features features(RawRecord record) {
      Normalised normalised = target.bundle().preprocessing().apply(record);
      if (normalised instanceof Features features) {
        return features;
      }
      throw new IllegalStateException("a row of the test part gave no example: " + normalised);
    }

    private Predictions predictions(float[][] outputs) {
      Predictions.Builder predictions = PredictionRows.builder(label, outputs.length);
      for (int i = 0; i < outputs.length; i++) {
        predictions.put(i, sample.labels()[i], target.outputs(outputs[i]));
      }
      return predictions.build(sample.keys(), List.of());
    }

    private int[] order(int permuted, int repeat) {
      int[] order = new int[sample.labels().length];
      SplittableRandom random =
          new SplittableRandom(seed ^ (0x9E3779B97F4A7C15L * (31L * permuted + repeat + 1)));
      for (int i = 0; i < order.length; i++) {
        int j = permuted < 0 ? i : random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      return order;
    }
  }
}
