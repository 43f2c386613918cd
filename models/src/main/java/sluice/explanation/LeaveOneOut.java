package sluice.explanation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import sluice.bundle.FeatureExamples;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.Model;
import sluice.features.TensorSpec;
import sluice.normalise.Features;

/**
 * Which tokens of texts speak for which class: leave-one-out, as in "Understanding Neural Networks
 * through Representation Erasure" (Li, Monroe and Jurafsky 2016). A token's index is taken out of
 * the series of a row wherever it stands, so that what stood around it moves together, and the row
 * is scored again. What the prediction has lost by that is what the token had done for it; the
 * means over the rows that have the token are compared. Two tokens that say the same in one row
 * hide each other: without the one the other still says it. With an n-gram goes its weight; those
 * of the others stay as they were.
 *
 * <p>Tokens that no encoder reads, as they stand behind its {@code max-length}, count with the
 * effect that leaving them out has, which is none.
 *
 * <p>The driver holds the sums of each token that enough rows have, a number for each class. They
 * are the same to the bit on any number of executors: rows are summed in groups that the sample
 * alone decides, and groups in their order.
 */
public final class LeaveOneOut implements Explainer<TokenEffects> {
  /** Rows whose effects are summed together. */
  private static final int GROUP = 8;

  /** Rows without a token that a model scores at a time, at most. */
  private static final int AT_ONCE = 256;

  /** Steps of series in them from which on no other is added. */
  private static final int ENOUGH_STEPS = 1 << 20;

  private final RawSample sample;
  private final LeaveOneOutSettings settings;

  /** Takes tokens out of the texts of these rows, all of them, whatever {@code rows} says. */
  public LeaveOneOut(RawSample sample, LeaveOneOutSettings settings) {
    this.sample = sample;
    this.settings = settings;
  }

  /**
   * A token by its places.
   *
   * @param series the position of its text among the series
   * @param index its index
   */
  private record Token(int series, int index) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** What a token has done in some rows. */
  private static final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] effects;
    private long rows;

    Sums(int outputs) {
      effects = new double[outputs];
    }

    /** Adds what a row has with the token less what it has without. */
    void add(double[] with, double[] without) {
      rows++;
      for (int i = 0; i < effects.length; i++) {
        effects[i] += with[i] - without[i];
      }
    }

    void add(Sums other) {
      rows += other.rows;
      for (int i = 0; i < effects.length; i++) {
        effects[i] += other.effects[i];
      }
    }
  }

  /** What all tasks have. */
  private record Shared(
      Model model,
      RawSample sample,
      List<String> series,
      List<BitSet> frequent,
      List<BitSet> rowsOfLabels)
      implements Serializable {}

  @Override
  public List<TokenEffects> explain(Model model) {
    List<Label> labels = model.labels();
    List<TensorSpec> series = sample.series();
    List<BitSet> rowsOfLabels = labels.stream().map(this::rows).toList();
    BitSet rows = new BitSet();
    rowsOfLabels.forEach(rows::or);
    Shared shared =
        new Shared(
            model,
            sample,
            series.stream().map(TensorSpec::name).toList(),
            frequent(series, rows),
            rowsOfLabels);
    List<Map<Token, Sums>> sums = sums(shared, rows);
    List<TokenEffects> effects = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      effects.add(
          new TokenEffects(
              rowsOfLabels.get(label).cardinality(),
              settings.leastRows(),
              sides(labels.get(label), series, sums.get(label))));
    }
    return effects;
  }

  private BitSet rows(Label label) {
    BitSet rows = new BitSet();
    sample.rows(label).forEach(rows::set);
    return rows;
  }

  /** Of each series the indices that enough rows have. */
  private List<BitSet> frequent(List<TensorSpec> series, BitSet rows) {
    List<Map<Integer, Integer>> counts = series.stream().map(each -> counts()).toList();
    rows.stream()
        .forEach(
            row -> {
              Features features = sample.features(row);
              for (int s = 0; s < counts.size(); s++) {
                Map<Integer, Integer> count = counts.get(s);
                Arrays.stream(indices(features, series.get(s).name()))
                    .distinct()
                    .forEach(index -> count.merge(index, 1, Integer::sum));
              }
            });
    return counts.stream()
        .map(
            count -> {
              BitSet frequent = new BitSet();
              count.forEach((index, times) -> frequent.set(index, times >= settings.leastRows()));
              return frequent;
            })
        .toList();
  }

  private static Map<Integer, Integer> counts() {
    return new HashMap<>();
  }

  private static int[] indices(Features features, String series) {
    return features.indices().getOrDefault(series, new int[0]);
  }

  /** By label what each token has done. */
  private static List<Map<Token, Sums>> sums(Shared shared, BitSet rows) {
    int[] all = rows.stream().toArray();
    List<int[]> groups =
        IntStream.iterate(0, from -> from < all.length, from -> from + GROUP)
            .mapToObj(from -> Arrays.copyOfRange(all, from, Math.min(all.length, from + GROUP)))
            .toList();
    List<Map<Token, Sums>> sums = noSums(shared.model().labels().size());
    if (groups.isEmpty() || shared.series().isEmpty()) {
      return sums;
    }
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
    Broadcast<Shared> sent = spark.broadcast(shared);
    int tasks = Math.min(groups.size(), Math.max(1, 2 * spark.defaultParallelism()));
    try {
      spark
          .parallelize(groups, tasks)
          .mapPartitions(
              some -> {
                Scoring scoring = new Scoring(sent.value());
                List<List<Map<Token, Sums>>> scored = new ArrayList<>();
                some.forEachRemaining(group -> scored.add(scoring.of(group)));
                return scored.iterator();
              })
          .collect()
          .forEach(
              group -> {
                for (int label = 0; label < sums.size(); label++) {
                  merge(sums.get(label), group.get(label));
                }
              });
    } finally {
      sent.destroy();
    }
    return sums;
  }

  private static List<Map<Token, Sums>> noSums(int labels) {
    List<Map<Token, Sums>> sums = new ArrayList<>();
    for (int label = 0; label < labels; label++) {
      sums.add(new LinkedHashMap<>());
    }
    return sums;
  }

  private static void merge(Map<Token, Sums> into, Map<Token, Sums> from) {
    from.forEach(
        (token, own) -> {
          @Nullable Sums there = into.putIfAbsent(token, own);
          if (there != null) {
            there.add(own);
          }
        });
  }

  private List<TokenEffects.Side> sides(
      Label label, List<TensorSpec> series, Map<Token, Sums> sums) {
    if (label.task() == Task.REGRESSION) {
      return List.of(
          side(TokenEffects.RAISED, series, sums, 0, 1),
          side(TokenEffects.LOWERED, series, sums, 0, -1));
    }
    return IntStream.range(0, label.outputs())
        .mapToObj(output -> side(label.classes().get(output), series, sums, output, 1))
        .toList();
  }

  /** The strongest tokens of an output, of which the effects have this sign. */
  private TokenEffects.Side side(
      String name, List<TensorSpec> series, Map<Token, Sums> sums, int output, int sign) {
    List<TokenEffect> effects = new ArrayList<>();
    sums.forEach(
        (token, own) -> {
          double effect = own.effects[output] / own.rows;
          if (own.rows >= settings.leastRows() && sign * effect > 0) {
            TensorSpec text = series.get(token.series());
            effects.add(new TokenEffect(text.name(), name(text, token.index()), effect, own.rows));
          }
        });
    effects.sort(
        Comparator.comparingDouble((TokenEffect effect) -> -sign * effect.effect())
            .thenComparing(Comparator.comparingLong(TokenEffect::rows).reversed())
            .thenComparing(TokenEffect::text)
            .thenComparing(TokenEffect::token));
    return new TokenEffects.Side(
        name, effects.subList(0, Math.min(settings.most(), effects.size())));
  }

  private static String name(TensorSpec text, int index) {
    List<String> names = text.categories().isEmpty() ? List.of() : text.categories().get(0);
    return index < names.size() ? names.get(index) : Integer.toString(index);
  }

  /** Scores rows without one token after the other; one a task. */
  private static final class Scoring {
    private final Shared shared;
    private final Model.Outputs model;
    private final List<Features> waiting = new ArrayList<>();
    private final List<Token> leftOut = new ArrayList<>();
    private int steps;

    Scoring(Shared shared) {
      this.shared = shared;
      model = shared.model().open();
    }

    /** By label what each token has done in a group of rows. */
    List<Map<Token, Sums>> of(int[] group) {
      List<Map<Token, Sums>> sums = noSums(shared.model().labels().size());
      for (int row : group) {
        score(row, sums);
      }
      return sums;
    }

    private void score(int row, List<Map<Token, Sums>> sums) {
      Features whole = shared.sample().features(row);
      double[][][] with = outputs(List.of(whole));
      for (int s = 0; s < shared.series().size(); s++) {
        int[] indices = indices(whole, shared.series().get(s));
        BitSet frequent = shared.frequent().get(s);
        for (int index : Arrays.stream(indices).filter(frequent::get).distinct().toArray()) {
          leave(whole, new Token(s, index), indices);
          if (waiting.size() >= AT_ONCE || steps >= ENOUGH_STEPS) {
            add(row, with, sums);
          }
        }
      }
      add(row, with, sums);
    }

    private void leave(Features whole, Token token, int[] indices) {
      String text = shared.series().get(token.series());
      int[] kept =
          IntStream.range(0, indices.length).filter(i -> indices[i] != token.index()).toArray();
      Map<String, int[]> series = new LinkedHashMap<>(whole.indices());
      series.put(text, Arrays.stream(kept).map(i -> indices[i]).toArray());
      Map<String, float[]> numbers = new LinkedHashMap<>(whole.floats());
      numbers.computeIfPresent(text, (name, weights) -> chosen(weights, kept));
      waiting.add(new Features(numbers, whole.bytes(), series));
      leftOut.add(token);
      steps += kept.length;
    }

    private static float[] chosen(float[] values, int[] places) {
      float[] chosen = new float[places.length];
      for (int i = 0; i < places.length; i++) {
        chosen[i] = values[places[i]];
      }
      return chosen;
    }

    /** Adds what the tokens that have been left out of a row have done. */
    private void add(int row, double[][][] with, List<Map<Token, Sums>> sums) {
      if (waiting.isEmpty()) {
        return;
      }
      double[][][] without = outputs(waiting);
      for (int label = 0; label < sums.size(); label++) {
        if (!shared.rowsOfLabels().get(label).get(row)) {
          continue;
        }
        double[] whole = with[label][0];
        for (int i = 0; i < leftOut.size(); i++) {
          sums.get(label)
              .computeIfAbsent(leftOut.get(i), token -> new Sums(whole.length))
              .add(whole, without[label][i]);
        }
      }
      waiting.clear();
      leftOut.clear();
      steps = 0;
    }

    private double[][][] outputs(List<Features> features) {
      return model.of(FeatureExamples.of(shared.model().layout(), features));
    }
  }
}
