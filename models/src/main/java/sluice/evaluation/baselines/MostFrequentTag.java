package sluice.evaluation.baselines;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.features.TensorSpec;

/**
 * The tag that a token has most often in the train part, whatever stands beside it. The probability
 * of a tag is how often the token has it, and one more time divided among all tags as the train
 * part has them, of how often the token occurs and one: a token that does not occur has the most
 * frequent tag of all. Tokens that have no index of their own are one token. It takes all train
 * rows, wherever they lie: counts know no order.
 */
record MostFrequentTag() implements Baseline {
  @Override
  public Optional<String> objection(Label label, List<TensorSpec> groups) {
    return label.task() == Task.TAGS ? Optional.empty() : Optional.of("needs a label of tags");
  }

  @Override
  public BaselineInput.Form form() {
    return BaselineInput.Form.VALUES;
  }

  /** The group whose tokens have the tags. */
  TensorSpec tagged(Label label, List<TensorSpec> groups) {
    String of = Objects.requireNonNull(label.tagging()).of();
    return groups.stream().filter(group -> group.name().equals(of)).findFirst().orElseThrow();
  }

  /**
   * Fits the model.
   *
   * @param tokens of {@link BaselineInput#tagged}
   */
  Fitted fit(Dataset<Row> tokens, Label label) {
    int tags = label.classes().size();
    Map<Integer, long[]> byToken = new HashMap<>();
    long[] all = new long[tags];
    for (Row row : tokens.groupBy(BaselineInput.TOKEN, BaselineInput.TAG).count().collectAsList()) {
      byToken.computeIfAbsent(row.getInt(0), token -> new long[tags])[row.getInt(1)] =
          row.getLong(2);
      all[row.getInt(1)] += row.getLong(2);
    }
    double[] shares = shares(all, new double[tags]);
    HashMap<Integer, double[]> probabilities = new HashMap<>();
    byToken.forEach((token, counts) -> probabilities.put(token, shares(counts, shares)));
    return new Fitted(Map.of(), values -> ofSeries(values, probabilities, shares));
  }

  /** Of counts the shares, with some others counted as one. */
  private static double[] shares(long[] counts, double[] others) {
    double sum = Arrays.stream(counts).sum() + Arrays.stream(others).sum();
    double[] shares = new double[counts.length];
    Arrays.setAll(shares, tag -> (counts[tag] + others[tag]) / sum);
    return shares;
  }

  /**
   * @param values how many tokens there are, then their indices
   */
  private static double[] ofSeries(
      float[] values, Map<Integer, double[]> probabilities, double[] shares) {
    double[] all = new double[(values.length - 1) * shares.length];
    for (int token = 1; token < values.length; token++) {
      double[] own = probabilities.getOrDefault((int) values[token], shares);
      System.arraycopy(own, 0, all, (token - 1) * shares.length, shares.length);
    }
    return all;
  }
}
