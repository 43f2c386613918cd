package sluice.explanation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.bundle.Bundles;
import sluice.bundle.ModelBundle;
import sluice.bundle.SentBundle;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.Json;
import sluice.evaluation.baselines.BaselineInput;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.baselines.FittedBaseline;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.Model;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.FittedStep;
import sluice.normalise.Kind;
import sluice.normalise.Normalise;
import sluice.normalise.NumberLabel;
import sluice.testing.LocalSpark;

/**
 * A price of {@code 20 x + 15 |y|}, which every third row lacks, and whether y is positive. Noise
 * says nothing of either.
 */
final class PermutationImportanceTest {
  private static final int ROWS = 600;
  private static final int REPEATS = 2;
  private static final List<String> COLUMNS = List.of("x", "y", "noise");
  private static final Label PRICE = Label.number("price");
  private static final Label HIGH = Label.binary("high", List.of("no", "yes"), "yes");

  private static FittedPreprocessing preprocessing(List<String> columns) {
    return new FittedPreprocessing(
        new DatasetContract(
            columns.stream().map(name -> new Field(name, FieldType.DOUBLE)).toList()),
        List.of(
            new FittedGroup(
                "g",
                columns.stream()
                    .map(name -> new FittedColumn(name, FieldType.DOUBLE, Kind.NUMBER, List.of()))
                    .toList())),
        List.of(
            new NumberLabel("price", FieldType.DOUBLE, 0, 1),
            new ClassLabel(
                "high", FieldType.STRING, List.of("no", "yes"), List.of(5L, 5L), "yes")));
  }

  /** Its network has parameters of zero: whatever it reads, it says the same. */
  private static ModelBundle bundle(List<String> columns, int hidden) {
    return Bundles.ofZeros(
        preprocessing(columns),
        hidden,
        List.of(Target.number().named("price"), Target.binary(1).named("high")));
  }

  private static Dataset<Row> rows() {
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      rows.add(
          RowFactory.create(
              "row" + i,
              x,
              y,
              random.nextGaussian(),
              i % 3 == 0 ? null : (Double) (20 * x + 15 * Math.abs(y)),
              y > 0 ? "yes" : "no"));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            StructType.fromDDL(
                "_key string, x double, y double, noise double, price double, high string"));
  }

  /** What is true of an example with these values, for each label. */
  @FunctionalInterface
  private interface Truth extends Serializable {
    double[][] of(float[] values);
  }

  /** Knows the truth, and counts how often it is asked. */
  private record Oracle(ExampleLayout layout, NetworkInput input, Truth truth) implements Model {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger ASKED = new AtomicInteger();

    static Oracle of(List<String> columns, Truth truth) {
      List<TensorSpec> inputs = preprocessing(columns).schema().inputs();
      ExampleLayout layout = new ExampleLayout(inputs);
      return new Oracle(layout, NetworkInput.of("columns", layout, inputs), truth);
    }

    @Override
    public List<Label> labels() {
      return List.of(PRICE, HIGH);
    }

    @Override
    public Outputs open() {
      return this::outputs;
    }

    private double[][][] outputs(Examples examples) {
      ASKED.incrementAndGet();
      double[][][] outputs = new double[2][examples.size()][];
      float[] values = new float[layout().numbers()];
      for (int i = 0; i < examples.size(); i++) {
        input().write(examples, i, values, 0);
        double[][] own = truth().of(values);
        for (int label = 0; label < 2; label++) {
          outputs[label][i] = own[label];
        }
      }
      return outputs;
    }
  }

  private static double[] share(double positive) {
    return new double[] {1 - positive, positive};
  }

  private static Oracle oracle() {
    return Oracle.of(
        COLUMNS,
        values ->
            new double[][] {
              {20 * values[0] + 15 * Math.abs(values[1])}, share(values[1] > 0 ? 0.9 : 0.1)
            });
  }

  private static RawSample sample(int maxRows) {
    return RawSample.of(bundle(COLUMNS, 2), rows(), maxRows, 7);
  }

  private static List<Importances> explained(RawSample sample, Model model) {
    try (PermutationImportance explainer = new PermutationImportance(sample, REPEATS, 0.95, 7)) {
      return explainer.explain(model);
    }
  }

  private static double loss(Importances importances, String column) {
    return importances.columns().stream()
        .filter(each -> each.column().equals(column))
        .mapToDouble(ColumnImportance::loss)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachLabelHasItsRowsAndEachRowIsThereOnce() {
    assertThat(sample(ROWS).size()).isEqualTo(ROWS);
    assertThat(sample(ROWS).rows(PRICE)).hasSize(400);
    assertThat(sample(ROWS).rows(HIGH)).hasSize(ROWS);
    RawSample few = sample(90);
    assertThat(few.rows(PRICE)).hasSize(90);
    assertThat(few.rows(HIGH)).hasSize(90);
    // Two thirds of those that the one has chosen have the other.
    assertThat(few.size()).isBetween(105, 135);
  }

  private static Set<String> features(RawSample sample, Label label) {
    return sample.rows(label).stream()
        .map(row -> Json.write(sample.features(row)))
        .collect(Collectors.toSet());
  }

  @Test
  void theFirstOfManyAreThoseOfFewerDrawn() {
    RawSample first = sample(ROWS).first(90);
    RawSample drawn = sample(90);
    assertThat(first.size()).isEqualTo(drawn.size());
    for (Label label : List.of(PRICE, HIGH)) {
      assertThat(features(first, label)).hasSize(90).isEqualTo(features(drawn, label));
    }
    assertThat(first.first(ROWS).size()).isEqualTo(first.size());
  }

  @Test
  void labelsOfTheSameRowsShareEachPermutation() {
    Oracle.ASKED.set(0);
    Dataset<Row> both = rows().filter(col("price").isNotNull());
    RawSample sample = RawSample.of(bundle(COLUMNS, 2), both, 90, 7);
    assertThat(sample.size()).isEqualTo(90);
    assertThat(explained(sample, oracle())).hasSize(2);
    assertThat(Oracle.ASKED.get()).isEqualTo(1 + COLUMNS.size() * REPEATS);
  }

  @Test
  void eachLabelIsExplainedOnItsRows() {
    Oracle.ASKED.set(0);
    List<Importances> importances = explained(sample(90), oracle());
    assertThat(Oracle.ASKED.get()).isEqualTo(2 * (1 + COLUMNS.size() * REPEATS));
    Importances price = importances.get(0);
    assertThat(price.metric()).isEqualTo("mae");
    assertThat(price.rows()).isEqualTo(90);
    assertThat(price.columns())
        .extracting(ColumnImportance::column)
        .containsExactly("x", "y", "noise");
    assertThat(loss(price, "x")).isGreaterThan(15);
    assertThat(loss(price, "y")).isGreaterThan(5);
    assertThat(loss(price, "noise")).isZero();
    Importances high = importances.get(1);
    assertThat(high.metric()).isEqualTo("rocAuc");
    assertThat(high.unpermuted()).isEqualTo(1);
    assertThat(loss(high, "y")).isBetween(0.3, 0.7);
    assertThat(loss(high, "x")).isZero();
    assertThat(loss(high, "noise")).isZero();
  }

  /** The price is known in one region and the other label in the other one. */
  @Test
  void columnsArePermutedAmongTheRowsThatHaveTheLabel() {
    List<String> columns = List.of("x", "region");
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double x = random.nextGaussian();
      boolean priced = i % 2 == 0;
      rows.add(
          RowFactory.create(
              "row" + i,
              x,
              priced ? 1.0 : 0.0,
              priced ? (Double) (20 * x + 100) : null,
              priced ? null : x > 0 ? "yes" : "no"));
    }
    Dataset<Row> table =
        LocalSpark.session()
            .createDataFrame(
                rows,
                StructType.fromDDL(
                    "_key string, x double, region double, price double, high string"));
    List<Importances> importances =
        explained(
            RawSample.of(bundle(columns, 2), table, 200, 7),
            Oracle.of(
                columns,
                values ->
                    new double[][] {
                      {20 * values[0] + 100 * values[1]},
                      share(values[1] > 0 ? 0.5 : values[0] > 0 ? 0.9 : 0.1)
                    }));
    assertThat(importances).extracting(Importances::rows).containsExactly(100L, 100L);
    assertThat(loss(importances.get(0), "x")).isGreaterThan(10);
    assertThat(loss(importances.get(0), "region")).isZero();
    assertThat(loss(importances.get(1), "x")).isGreaterThan(0.3);
    assertThat(loss(importances.get(1), "region")).isZero();
  }

  /** Every model is explained by it, whatever the network's size. */
  @Test
  void theSampleTravelsWithoutTheNetwork() throws IOException {
    int hidden = 10_000;
    RawSample sample = RawSample.of(bundle(COLUMNS, hidden), rows(), 90, 7);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sample);
    }
    assertThat(bytes.size()).isLessThan(hidden * Float.BYTES);
  }

  /** Bins make many features of a column. */
  @Test
  void aColumnInBinsCountsOnce() {
    FittedStep bins =
        Json.read("{\"type\":\"bins\",\"edges\":[-1,-0.5,0,0.5,1]}", FittedStep.class, "x");
    FittedPreprocessing plain = preprocessing(COLUMNS);
    FittedPreprocessing binned =
        new FittedPreprocessing(
            plain.input(),
            List.of(
                new FittedGroup(
                    "g",
                    COLUMNS.stream()
                        .map(
                            name ->
                                new FittedColumn(
                                    name, FieldType.DOUBLE, Kind.NUMBER, List.of(bins)))
                        .toList())),
            plain.labels());
    List<TensorSpec> inputs = binned.schema().inputs();
    assertThat(inputs.get(0).size()).isEqualTo(12);
    ExampleLayout layout = new ExampleLayout(inputs);
    Oracle oracle =
        new Oracle(
            layout,
            NetworkInput.of("columns", layout, inputs),
            values -> new double[][] {{20 * values[0]}, share(values[5] + values[6] > 1 ? 1 : 0)});
    List<Importances> importances =
        explained(
            RawSample.of(
                Bundles.ofZeros(
                    binned,
                    2,
                    List.of(Target.number().named("price"), Target.binary(1).named("high"))),
                rows(),
                90,
                7),
            oracle);
    assertThat(importances.get(1).columns())
        .extracting(ColumnImportance::column)
        .containsExactlyInAnyOrder("x", "y", "noise");
    assertThat(loss(importances.get(1), "y")).isGreaterThan(0.3);
    assertThat(loss(importances.get(1), "x")).isZero();
    assertThat(loss(importances.get(1), "noise")).isZero();
  }

  /** A linear model cannot see a column that says the same on both sides of zero; trees can. */
  @Test
  void networksAndBaselinesAreExplainedAlike() {
    Dataset<Row> table =
        Normalise.apply(preprocessing(COLUMNS), rows())
            .accepted()
            .filter(col("label._0").isNotNull())
            .withColumn("label", col("label._0"))
            .withColumn("part", lit("train"));
    List<FittedBaseline> baselines =
        Baselines.fitted(
            "explain.baselines",
            List.of("mean", "linear-regression", "gradient-boosted-trees"),
            new Baselines.Rows(
                new BaselineInput(
                    table, "key", "part", "label", preprocessing(COLUMNS).schema().inputs(), PRICE),
                "train",
                null,
                "train"),
            42);
    RawSample sample = sample(200);
    List<Importances> network = explained(sample, new SentBundle(bundle(COLUMNS, 2)).model());
    assertThat(network).hasSize(2);
    assertThat(network)
        .allSatisfy(
            label ->
                assertThat(label.columns())
                    .hasSize(3)
                    .allSatisfy(column -> assertThat(column.loss()).isZero()));
    Importances mean = explained(sample, baselines.get(0).model()).get(0);
    assertThat(mean.columns()).allSatisfy(column -> assertThat(column.loss()).isZero());
    Importances linear = explained(sample, baselines.get(1).model()).get(0);
    Importances trees = explained(sample, baselines.get(2).model()).get(0);
    assertThat(List.of(linear, trees))
        .allSatisfy(
            each -> {
              assertThat(each.columns().get(0).column()).isEqualTo("x");
              assertThat(loss(each, "x")).isGreaterThan(8);
              assertThat(each.rows()).isEqualTo(200);
            });
    assertThat(loss(linear, "y")).isBetween(-1.0, 1.0);
    assertThat(loss(trees, "y")).isGreaterThan(5);
    assertThat(loss(trees, "noise")).isBetween(-1.0, 1.0);
  }
}
