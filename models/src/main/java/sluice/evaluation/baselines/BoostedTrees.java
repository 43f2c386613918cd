package sluice.evaluation.baselines;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.boosting.BoostedModel;
import sluice.boosting.Boosting;
import sluice.boosting.BoostingSettings;
import sluice.boosting.Examples;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.PredictionRows;
import sluice.features.TensorSpec;

/**
 * Gradient-boosted trees ({@link Boosting}), fitted on the driver. Their number is the one with the
 * least loss on the validation part, their size is chosen there among a few; without a validation
 * part they have the size and the number that scikit-learn's {@code HistGradientBoosting} has by
 * default.
 *
 * @param candidates the sizes, the first for tables without a validation part or with many rows
 */
record BoostedTrees(List<BoostingSettings> candidates) implements Baseline.OfFeatures {
  private static final int MOST_CLASSES = 20;
  private static final int MOST_COLUMNS = 10_000;

  /** What is held in memory as numbers, and what a tree of each class counts. */
  private static final int MOST_VALUES = 16_000_000;

  private static final int MOST_VALUES_OF_CLASSES = 100_000_000;
  private static final int MOST_ROWS = 250_000;

  /** Up to so many train rows each candidate is tried. */
  private static final int ROWS_TO_CHOOSE_WITH = 50_000;

  static final BoostedTrees TUNED =
      new BoostedTrees(
          List.of(
              new BoostingSettings(31, 20, 0.1, 300, 20),
              new BoostingSettings(8, 20, 0.1, 300, 20),
              new BoostingSettings(31, 20, 0.04, 600, 40)));

  private static final int TREES_WITHOUT_VALIDATION = 100;

  BoostedTrees {
    candidates = List.copyOf(candidates);
  }

  @Override
  public Optional<String> objection(Label label, List<TensorSpec> groups) {
    if (label.task().isOfIndices()) {
      return Optional.of("needs a class label or a numeric one");
    }
    if (label.classes().size() > MOST_CLASSES) {
      return Optional.of(
          "takes at most %d classes, got %d".formatted(MOST_CLASSES, label.classes().size()));
    }
    List<String> series =
        groups.stream().filter(TensorSpec::isSeries).map(TensorSpec::name).toList();
    if (!series.isEmpty()) {
      return Optional.of("reads no series, which %s is".formatted(String.join(" and ", series)));
    }
    int columns = ExpandFeatures.cardinalities(groups).length;
    return columns <= MOST_COLUMNS
        ? Optional.empty()
        : Optional.of("takes at most %d features, got %d".formatted(MOST_COLUMNS, columns));
  }

  @Override
  public boolean readsSeries() {
    return false;
  }

  @Override
  public int mostRows(Label label, List<TensorSpec> groups) {
    int columns = Math.max(1, ExpandFeatures.cardinalities(groups).length);
    int scores = label.task() == Task.MULTICLASS ? label.classes().size() : 1;
    return Math.min(MOST_ROWS, Math.min(MOST_VALUES, MOST_VALUES_OF_CLASSES / scores) / columns);
  }

  @Override
  public BaselineInput.Form form() {
    return BaselineInput.Form.VALUES;
  }

  @Override
  public Fitted fit(Parts parts) {
    int[] cardinalities = ExpandFeatures.cardinalities(parts.groups());
    Examples train = examples(parts.train(), cardinalities);
    @Nullable Dataset<Row> held = parts.validation();
    @Nullable Examples validation = held == null ? null : examples(held, cardinalities);
    Boosting.Fit fit =
        Boosting.fit(
            tried(train.rows(), validation), parts.label().classes().size(), train, validation);
    Map<String, Object> parameters = new TreeMap<>(fit.settings().described());
    parameters.put("trees", fit.model().trees());
    BoostedModel model = fit.model();
    return new Fitted(parameters, model::predict);
  }

  private List<BoostingSettings> tried(int trainRows, @Nullable Examples validation) {
    BoostingSettings first = candidates.get(0);
    if (validation == null || validation.rows() == 0) {
      return List.of(
          new BoostingSettings(
              first.leaves(),
              first.minRows(),
              first.learningRate(),
              Math.min(first.trees(), TREES_WITHOUT_VALIDATION),
              first.patience()));
    }
    return trainRows <= ROWS_TO_CHOOSE_WITH ? candidates : List.of(first);
  }

  private static Examples examples(Dataset<Row> rows, int[] cardinalities) {
    List<float[][]> columns = new ArrayList<>();
    List<double[]> labels = new ArrayList<>();
    PredictionRows.collect(
        rows,
        BaselineInput.KEY,
        BaselineInput.LABEL,
        BaselineInput.FEATURES,
        cardinalities.length,
        count -> {
          columns.add(new float[cardinalities.length][count]);
          labels.add(new double[count]);
        },
        (row, label, values) -> {
          labels.get(0)[row] = label;
          for (int column = 0; column < values.length; column++) {
            columns.get(0)[column][row] = (float) values[column];
          }
        });
    return new Examples(cardinalities, columns.get(0), labels.get(0));
  }
}
