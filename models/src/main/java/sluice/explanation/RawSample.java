package sluice.explanation;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.PredictionRows;
import sluice.features.TensorSpec;
import sluice.normalise.Features;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Normalised;
import sluice.normalise.TextFeature;

/**
 * Raw rows on the driver to explain models on, with the truth of each label. Every label has rows
 * of its own choice, and a row that several labels choose is there once.
 */
public final class RawSample implements Serializable {
  private static final long serialVersionUID = 1L;

  private final FittedPreprocessing preprocessing;

  /** The columns of the labels, in the order of the bundle. */
  private final List<String> labels;

  /** Per row the columns of the preprocessing. */
  private final @Nullable Object[][] values;

  /** Hashes of the rows' keys. */
  private final long[] keys;

  /** Per label and row a class's index, a number as read, or the indices of the names of a set. */
  private final double[][][] truths;

  /** Per label and row which of the label's choice it is; the greatest number where it is none. */
  private final int[][] ranks;

  private RawSample(
      FittedPreprocessing preprocessing,
      List<String> labels,
      @Nullable Object[][] values,
      long[] keys,
      double[][][] truths,
      int[][] ranks) {
    this.preprocessing = preprocessing;
    this.labels = labels;
    this.values = values;
    this.keys = keys;
    this.truths = truths;
    this.ranks = ranks;
  }

  /**
   * Draws rows.
   *
   * @param bundle has the preprocessing and the labels
   * @param rows cleaned rows: key, labels and the columns of the preprocessing
   * @param maxRows how many a label has at most: those that have it, with the least seeded hashes
   *     of their keys
   */
  public static RawSample of(ModelBundle bundle, Dataset<Row> rows, int maxRows, long seed) {
    List<BundleTarget> targets = bundle.targets();
    int columns = bundle.preprocessing().input().names().size();
    List<Row> kept = new ArrayList<>();
    List<double[][]> truths = new ArrayList<>();
    List<int[]> ranks = new ArrayList<>();
    int[] chosen = new int[targets.size()];
    Map<ByteBuffer, Integer> places = new LinkedHashMap<>();
    for (Row row : drawn(bundle, rows, maxRows, seed).collectAsList()) {
      int label = row.getInt(0);
      ByteBuffer key = ByteBuffer.wrap(row.<byte[]>getAs(1));
      @Nullable Integer place = places.putIfAbsent(key, kept.size());
      if (place == null) {
        place = kept.size();
        kept.add(row);
        truths.add(new double[targets.size()][0]);
        int[] unranked = new int[targets.size()];
        Arrays.fill(unranked, Integer.MAX_VALUE);
        ranks.add(unranked);
      }
      ranks.get(place)[label] = chosen[label]++;
      truths.get(place)[label] = targets.get(label).truth(row.get(2 + label));
    }
    @Nullable Object[][] values = new @Nullable Object[kept.size()][columns];
    long[] keys = new long[kept.size()];
    double[][][] byLabel = new double[targets.size()][kept.size()][];
    int[][] ranksByLabel = new int[targets.size()][kept.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Predictions.keyHash(kept.get(i).<byte[]>getAs(1));
      for (int label = 0; label < byLabel.length; label++) {
        byLabel[label][i] = truths.get(i)[label];
        ranksByLabel[label][i] = ranks.get(i)[label];
      }
      for (int c = 0; c < columns; c++) {
        values[i][c] = kept.get(i).get(2 + byLabel.length + c);
      }
    }
    return new RawSample(
        bundle.preprocessing(),
        targets.stream().map(target -> target.fitted().column()).toList(),
        values,
        keys,
        byLabel,
        ranksByLabel);
  }

  /**
   * The rows that would be here, had fewer been drawn.
   *
   * @param most how many each label has at most
   */
  public RawSample first(int most) {
    int[] kept =
        IntStream.range(0, size())
            .filter(row -> Arrays.stream(ranks).anyMatch(ranked -> ranked[row] < most))
            .toArray();
    @Nullable Object[][] ownValues = new @Nullable Object[kept.length][];
    long[] ownKeys = new long[kept.length];
    double[][][] ownTruths = new double[labels.size()][kept.length][];
    int[][] ownRanks = new int[labels.size()][kept.length];
    for (int i = 0; i < kept.length; i++) {
      ownValues[i] = values[kept[i]];
      ownKeys[i] = keys[kept[i]];
      for (int label = 0; label < ranks.length; label++) {
        boolean chosen = ranks[label][kept[i]] < most;
        ownRanks[label][i] = chosen ? ranks[label][kept[i]] : Integer.MAX_VALUE;
        ownTruths[label][i] = truths[label][kept[i]];
      }
    }
    return new RawSample(preprocessing, labels, ownValues, ownKeys, ownTruths, ownRanks);
  }

  /** The rows of each label: its index, the key, all labels, the columns of the preprocessing. */
  private static Dataset<Row> drawn(ModelBundle bundle, Dataset<Row> rows, int maxRows, long seed) {
    Column hash = functions.xxhash64(functions.lit(seed), functions.col(DatasetContract.KEY));
    @Nullable Dataset<Row> all = null;
    for (BundleTarget target : bundle.targets()) {
      List<Column> selected = new ArrayList<>();
      selected.add(functions.lit(target.index()));
      selected.add(functions.col(DatasetContract.KEY).cast("binary"));
      bundle.targets().forEach(label -> selected.add(Columns.named(label.fitted().column())));
      bundle.preprocessing().input().names().forEach(name -> selected.add(Columns.named(name)));
      FittedLabel fitted = target.fitted();
      UDF1<@Nullable Object, Boolean> known = raw -> fitted.value(raw) != null;
      Dataset<Row> own =
          rows.filter(
                  functions.udf(known, DataTypes.BooleanType).apply(Columns.named(fitted.column())))
              .orderBy(hash, functions.col(DatasetContract.KEY))
              .limit(maxRows)
              .select(selected.toArray(Column[]::new));
      all = all == null ? own : all.unionAll(own);
    }
    if (all == null) {
      throw new IllegalArgumentException("a bundle without a label");
    }
    return all;
  }

  /** The names of the columns of the preprocessing. */
  List<String> columns() {
    return preprocessing.input().names();
  }

  /** The series that texts become. */
  List<TensorSpec> series() {
    return preprocessing.texts().stream().map(TextFeature::tensor).toList();
  }

  /** How many rows there are, of all labels. */
  public int size() {
    return keys.length;
  }

  /** The positions of the rows that a label has chosen, in their order. */
  List<Integer> rows(Label label) {
    int[] own = ranks[position(label)];
    return IntStream.range(0, own.length).filter(i -> own[i] < Integer.MAX_VALUE).boxed().toList();
  }

  private int position(Label label) {
    int position = labels.indexOf(label.column());
    if (position < 0) {
      throw new IllegalArgumentException("the sample has no label " + label.column());
    }
    return position;
  }

  /**
   * The features of some rows, where one column has the values of others of them.
   *
   * @param rows the positions of the rows
   * @param permuted the column's position, or -1 for none
   * @param order of each of these rows which of them it has the column's value of
   */
  List<Features> features(List<Integer> rows, int permuted, int[] order) {
    List<Features> features = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      features.add(features(rows.get(i), permuted, rows.get(order[i])));
    }
    return features;
  }

  /** The features of a row as it is. */
  Features features(int row) {
    return features(row, -1, row);
  }

  /** The features of a row, where one column, if it is not -1, has the value of another row. */
  private Features features(int row, int permuted, int other) {
    List<String> columns = columns();
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    for (int c = 0; c < columns.size(); c++) {
      record.put(columns.get(c), values[c == permuted ? other : row][c]);
    }
    Normalised normalised = preprocessing.apply(RawRecord.of(record));
    if (!(normalised instanceof Features made)) {
      throw new IllegalStateException("a row of the test part gave no example: " + normalised);
    }
    return made;
  }

  /**
   * A model's predictions of rows that a label has chosen.
   *
   * @param rows the positions of the rows
   * @param outputs of these rows
   */
  Predictions predictions(Label label, List<Integer> rows, double[][] outputs) {
    double[][] own = truths[position(label)];
    long[] hashes = new long[rows.size()];
    Predictions.Builder predictions = PredictionRows.builder(label, hashes.length);
    for (int i = 0; i < hashes.length; i++) {
      int row = rows.get(i);
      hashes[i] = keys[row];
      if (label.task().isOfIndices()) {
        double[] packed = Arrays.copyOf(own[row], own[row].length + outputs[i].length);
        System.arraycopy(outputs[i], 0, packed, own[row].length, outputs[i].length);
        predictions.put(i, own[row].length, packed);
      } else {
        predictions.put(i, own[row][0], outputs[i]);
      }
    }
    return predictions.build(hashes, List.of());
  }
}
