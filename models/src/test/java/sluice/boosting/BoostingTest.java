package sluice.boosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Json;

class BoostingTest {
  private static final BoostingSettings SETTINGS = new BoostingSettings(31, 20, 0.1, 300, 20);

  /** Labels that depend on a product of two numbers and on a category. */
  private static Examples examples(int rows, int classes, long seed) {
    Random random = new Random(seed);
    float[][] columns = new float[4][rows];
    double[] labels = new double[rows];
    for (int row = 0; row < rows; row++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      int category = random.nextInt(6);
      columns[0][row] = a;
      columns[1][row] = b;
      columns[2][row] = category;
      columns[3][row] = random.nextInt(3);
      double value = a + 2 * a * b + (category % 2 == 0 ? 2 : 0) + 0.5 * random.nextGaussian();
      labels[row] =
          switch (classes) {
            case 0 -> value;
            case 2 -> value > 1.5 ? 1 : 0;
            default -> value > 2 ? 2 : value > 0 ? 1 : 0;
          };
    }
    return new Examples(new int[] {0, 0, 6, 0}, columns, labels);
  }

  private static double loss(BoostedModel model, Examples examples, int classes) {
    double sum = 0;
    for (int row = 0; row < examples.rows(); row++) {
      double[] said = model.predict(examples.row(row));
      double label = examples.labels()[row];
      sum += classes == 0 ? (said[0] - label) * (said[0] - label) : -Math.log(said[(int) label]);
    }
    return sum / examples.rows();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3})
  void learnsWhatAConstantCannot(int classes) {
    Examples held = examples(500, classes, 2);
    Boosting.Fit fit = Boosting.fit(List.of(SETTINGS), classes, examples(2000, classes, 1), held);

    double unit = classes == 0 ? variance(examples(2000, classes, 1).labels()) : 1;
    assertThat(loss(fit.model(), held, classes) / unit).isCloseTo(fit.loss(), within(1e-9));
    BoostedModel constant =
        Boosting.fit(
                List.of(new BoostingSettings(2, 1500, 0.1, 1, 1)),
                classes,
                examples(2000, classes, 1),
                held)
            .model();
    assertThat(loss(fit.model(), examples(2000, classes, 3), classes))
        .isLessThan(0.5 * loss(constant, examples(2000, classes, 3), classes));
    if (classes > 0) {
      double[] said = fit.model().predict(held.row(0));
      assertThat(said).hasSize(classes);
      assertThat(Arrays.stream(said).sum()).isCloseTo(1, within(1e-12));
    }
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  /** By powers of two, so that nothing is rounded otherwise: about 1e-8 and 1e8. */
  @ParameterizedTest
  @ValueSource(ints = {-27, 27})
  void theUnitOfALabelMakesNoDifference(int exponent) {
    Examples train = examples(2000, 0, 1);
    Examples held = examples(500, 0, 2);
    Boosting.Fit fit = Boosting.fit(List.of(SETTINGS), 0, train, held);
    Boosting.Fit other =
        Boosting.fit(List.of(SETTINGS), 0, scaled(train, exponent), scaled(held, exponent));

    assertThat(other.loss()).isEqualTo(fit.loss());
    assertThat(other.model().trees()).isEqualTo(fit.model().trees());
    for (int row = 0; row < held.rows(); row++) {
      assertThat(other.model().predict(held.row(row))[0])
          .isEqualTo(Math.scalb(fit.model().predict(held.row(row))[0], exponent));
    }
  }

  private static Examples scaled(Examples examples, int exponent) {
    return new Examples(
        examples.cardinalities(),
        examples.columns(),
        Arrays.stream(examples.labels()).map(label -> Math.scalb(label, exponent)).toArray());
  }

  @Test
  void equalLabelsAreSaidOfEveryRow() {
    double[] labels = new double[50];
    Arrays.fill(labels, 0.1);
    Examples train = new Examples(new int[] {0, 0, 6, 0}, examples(50, 0, 1).columns(), labels);

    assertThat(Boosting.fit(List.of(SETTINGS), 0, train, train).model().predict(train.row(7)))
        .containsExactly(0.1);
  }

  @Test
  void theBitsDoNotDependOnTheThreads() throws Exception {
    double[][] said = new double[2][];
    for (int i = 0; i < 2; i++) {
      ForkJoinPool pool = new ForkJoinPool(i == 0 ? 1 : 7);
      said[i] =
          pool.submit(
                  () ->
                      Boosting.fit(List.of(SETTINGS), 3, examples(1500, 3, 1), examples(300, 3, 2))
                          .model()
                          .predict(new float[] {0.3f, -1, 2, 1}))
              .get();
      pool.shutdown();
    }
    assertThat(said[1]).containsExactly(said[0]);
  }

  /** One split of one column, by hand. */
  @Test
  void aSingleSplitIsTheBestThereIs() {
    float[][] columns = {{1, 2, 3, 4, 5, 6}};
    double[] labels = {0, 0, 0, 9, 9, 9};
    BoostedModel model =
        Boosting.fit(
                List.of(new BoostingSettings(2, 1, 1, 1, 1)),
                0,
                new Examples(new int[] {0}, columns, labels),
                null)
            .model();

    // Three rows 4.5 below the mean, and one for the penalty: 4.5 - 3 * 4.5 / (3 + 1).
    assertThat(model.predict(new float[] {3.49f})).containsExactly(1.125);
    assertThat(model.predict(new float[] {3.51f})).containsExactly(7.875);
    assertThat(model.trees()).isOne();
  }

  @Test
  void categoriesAreSplitBySetsAndWhatNoRowHasGoesRight() {
    float[][] columns = {{0, 1, 2, 3, 0, 1, 2, 3}};
    double[] labels = {1, 0, 1, 0, 1, 0, 1, 0};
    BoostedModel model =
        Boosting.fit(
                List.of(new BoostingSettings(2, 1, 1, 1, 1)),
                0,
                new Examples(new int[] {5}, columns, labels),
                null)
            .model();

    assertThat(model.predict(new float[] {0})).isEqualTo(model.predict(new float[] {2}));
    assertThat(model.predict(new float[] {1})).isEqualTo(model.predict(new float[] {3}));
    assertThat(model.predict(new float[] {0})[0]).isGreaterThan(model.predict(new float[] {1})[0]);
    assertThat(model.predict(new float[] {4})).isEqualTo(model.predict(new float[] {1}));
  }

  @Test
  void columnsWithMoreValuesThanBinsAndRareCategoriesAreKept() {
    int rows = 3000;
    Random random = new Random(4);
    float[][] columns = new float[2][rows];
    double[] labels = new double[rows];
    for (int row = 0; row < rows; row++) {
      columns[0][row] = row;
      columns[1][row] = random.nextInt(400);
      labels[row] = Math.sin(row / 300.0);
    }
    Examples train = new Examples(new int[] {0, 400}, columns, labels);
    BoostedModel model = Boosting.fit(List.of(SETTINGS), 0, train, train).model();

    assertThat(loss(model, train, 0)).isLessThan(0.001);
  }

  @Test
  void theSettingsWithTheLeastLossAreTaken() {
    Examples train = examples(300, 2, 1);
    Examples held = examples(300, 2, 2);
    BoostingSettings stump = new BoostingSettings(2, 20, 0.1, 300, 20);
    List<BoostingSettings> both = new ArrayList<>(List.of(SETTINGS, stump));
    double large = Boosting.fit(List.of(SETTINGS), 2, train, held).loss();
    double small = Boosting.fit(List.of(stump), 2, train, held).loss();

    assertThat(Boosting.fit(both, 2, train, held).settings())
        .isEqualTo(small < large ? stump : SETTINGS);
    assertThat(Boosting.fit(both, 2, train, held).loss()).isEqualTo(Math.min(large, small));
  }

  /**
   * Within two per cent of scikit-learn's trees on the same rows: {@code
   * scripts/reference/trees.py}.
   */
  @ParameterizedTest
  @ValueSource(strings = {"regression", "binary", "multiclass"})
  void isAsGoodAsScikitLearn(String task) throws IOException {
    JsonNode reference = reference();
    JsonNode rows = reference.get("rows");
    int classes = task.equals("regression") ? 0 : task.equals("binary") ? 2 : 3;
    Examples train = part(rows, task, 0, 1000);
    Examples held = part(rows, task, 1000, 1300);
    Examples test = part(rows, task, 1300, 1800);
    double theirs = reference.get(task).doubleValue();
    double loss =
        loss(Boosting.fit(List.of(SETTINGS), classes, train, held).model(), test, classes);

    assertThat(classes == 0 ? Math.sqrt(loss) : loss).isLessThan(1.02 * theirs);
  }

  private static Examples part(JsonNode rows, String task, int from, int to) {
    float[][] columns = new float[3][to - from];
    double[] labels = new double[to - from];
    for (int row = from; row < to; row++) {
      for (int column = 0; column < 3; column++) {
        columns[column][row - from] =
            (float) rows.get("columns").get(column).get(row).doubleValue();
      }
      labels[row - from] = rows.get(task).get(row).doubleValue();
    }
    return new Examples(new int[] {0, 0, 6}, columns, labels);
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BoostingTest.class.getResourceAsStream("reference.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "reference.json");
    }
  }
}
