package sluice.explanation;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.bundle.Bundles;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.evaluation.baselines.BaselineInput;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.Model;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
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
 * Reviews whose mood is a sum over words that are there, and whose price, which every third row
 * lacks, is a sum over all words.
 */
final class LeaveOneOutTest {
  private static final int ROWS = 300;
  private static final Label PRICE = Label.number("price");
  private static final Label MOOD = Label.multiclass("mood", List.of("bad", "good", "so-so"));

  /** The index of a word is its place, from 1 on. */
  private static final List<String> WORDS = List.of("room", "great", "awful", "满", "rare");

  private static final int GREAT = 2;
  private static final int AWFUL = 3;
  private static final int CONTENT = 4;

  /** What a word adds to the price each time, by index. */
  private static final double[] WORTH = {1, 0, 3, -2, 0.5, 64};

  /** By class what a word that is there adds to its probability, by index. */
  private static final double[][] MOODS = {
    {0, 0, -0.125, 0.25, -0.0625, 0.25},
    {0, 0, 0.125, -0.125, 0.0625, -0.25},
    {0, 0, 0, -0.125, 0, 0}
  };

  private static FittedPreprocessing preprocessing() {
    FittedStep words =
        Json.read(
            Json.write(
                Map.of(
                    "type",
                    "word-series",
                    "tokeniser",
                    Map.of("lowerCase", true, "punctuation", "KEEP", "chinese", "CHARACTERS"),
                    "vocabulary",
                    WORDS)),
            FittedStep.class,
            "x");
    return new FittedPreprocessing(
        new DatasetContract(
            List.of(new Field("x", FieldType.DOUBLE), new Field("review", FieldType.STRING))),
        List.of(
            new FittedGroup(
                "numbers",
                List.of(new FittedColumn("x", FieldType.DOUBLE, Kind.NUMBER, List.of()))),
            new FittedGroup(
                "text",
                List.of(new FittedColumn("review", FieldType.STRING, Kind.TEXT, List.of(words))))),
        List.of(
            new NumberLabel("price", FieldType.DOUBLE, 0, 1),
            new ClassLabel("mood", FieldType.STRING, MOOD.classes(), List.of(1L, 1L, 1L), null)));
  }

  /** Of which every tenth has no text. */
  private static List<Row> reviews() {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      StringBuilder review = new StringBuilder("Room");
      for (int word = random.nextInt(6); word > 0; word--) {
        review
            .append(' ')
            .append(List.of("GREAT", "awful", "满", "unknown", "room").get(random.nextInt(5)));
      }
      rows.add(
          RowFactory.create(
              "row" + i,
              random.nextGaussian(),
              i % 10 == 0 ? "" : review.toString(),
              i % 3 == 0 ? null : (Double) 1.0,
              MOOD.classes().get(i % 3)));
    }
    return rows;
  }

  private static Dataset<Row> table(List<Row> rows) {
    return LocalSpark.session()
        .createDataFrame(
            rows,
            StructType.fromDDL("_key string, x double, review string, price double, mood string"));
  }

  private static RawSample sample(Dataset<Row> rows, int maxRows) {
    return RawSample.of(
        Bundles.ofZeros(
            preprocessing(),
            2,
            List.of(Target.number().named("price"), Target.classes(3).named("mood"))),
        rows,
        maxRows,
        7);
  }

  /** Says what the words are worth. */
  private record Bag(ExampleLayout layout) implements Model {
    private static final long serialVersionUID = 1L;

    Bag() {
      this(new ExampleLayout(preprocessing().schema().inputs()));
    }

    @Override
    public List<Label> labels() {
      return List.of(PRICE, MOOD);
    }

    @Override
    public Outputs open() {
      return Bag::outputs;
    }

    private static double[][][] outputs(Examples examples) {
      double[][][] outputs = new double[2][examples.size()][];
      for (int i = 0; i < examples.size(); i++) {
        int[] words = examples.indices(i, 1);
        outputs[0][i] = new double[] {price(words)};
        outputs[1][i] = mood(words);
      }
      return outputs;
    }
  }

  private static double price(int[] words) {
    return 10 + Arrays.stream(words).mapToDouble(word -> WORTH[word]).sum();
  }

  private static double[] mood(int[] words) {
    double[] mood = {0.25, 0.25, 0.5};
    Arrays.stream(words)
        .distinct()
        .forEach(
            word -> {
              for (int c = 0; c < mood.length; c++) {
                mood[c] += MOODS[c][word];
              }
            });
    return mood;
  }

  private static int[] indices(Row row) {
    return Arrays.stream(row.getString(2).toLowerCase(Locale.ROOT).split(" ", -1))
        .filter(word -> !word.isEmpty())
        .mapToInt(word -> WORDS.indexOf(word) + 1)
        .toArray();
  }

  /** What a word is worth, counted by hand. */
  private static TokenEffect priced(List<Row> rows, int word) {
    double sum = 0;
    long count = 0;
    for (Row row : rows) {
      long times = Arrays.stream(indices(row)).filter(each -> each == word).count();
      if (times > 0 && !row.isNullAt(3)) {
        sum += times * WORTH[word];
        count++;
      }
    }
    return new TokenEffect("text", word == 0 ? "(other)" : WORDS.get(word - 1), sum / count, count);
  }

  private static long having(List<Row> rows, int word) {
    return rows.stream()
        .filter(row -> Arrays.stream(indices(row)).anyMatch(w -> w == word))
        .count();
  }

  private static TokenEffect moved(List<Row> rows, int ofClass, int word) {
    return new TokenEffect("text", WORDS.get(word - 1), MOODS[ofClass][word], having(rows, word));
  }

  @Test
  void theStrongestTokensOfEachClassAndOfEachDirectionAreFound() {
    List<Row> rows = reviews();
    List<TokenEffects> effects =
        new LeaveOneOut(sample(table(rows), ROWS), new LeaveOneOutSettings(ROWS, 4, 20))
            .explain(new Bag());
    TokenEffects price = effects.get(0);
    assertThat(price.rows()).isEqualTo(200);
    assertThat(price.leastRows()).isEqualTo(4);
    assertThat(price.sides())
        .extracting(TokenEffects.Side::name)
        .containsExactly("raised", "lowered");
    assertThat(price.sides().get(0).tokens())
        .containsExactly(priced(rows, GREAT), priced(rows, 0), priced(rows, CONTENT));
    assertThat(price.sides().get(1).tokens()).containsExactly(priced(rows, AWFUL));
    TokenEffects mood = effects.get(1);
    assertThat(mood)
        .isEqualTo(
            new TokenEffects(
                ROWS,
                4,
                List.of(
                    new TokenEffects.Side("bad", List.of(moved(rows, 0, AWFUL))),
                    new TokenEffects.Side(
                        "good", List.of(moved(rows, 1, GREAT), moved(rows, 1, CONTENT))),
                    new TokenEffects.Side("so-so", List.of()))));
  }

  @Test
  void aTokenOfTooFewRowsIsNotListedAndNoMoreThanAskedFor() {
    List<Row> rows = reviews();
    for (int i = 1; i < 4; i++) {
      // Of three rows that have the word two have a price.
      rows.set(
          i, RowFactory.create("row" + i, 0.0, "rare 我 我", i == 3 ? null : (Double) 1.0, "bad"));
    }
    RawSample sample = sample(table(rows), ROWS);
    List<TokenEffects> ofThree =
        new LeaveOneOut(sample, new LeaveOneOutSettings(ROWS, 3, 1)).explain(new Bag());
    assertThat(strongest(ofThree.get(0))).isEqualTo(priced(rows, GREAT));
    // At a tie the word of more rows comes first.
    assertThat(strongest(ofThree.get(1))).isEqualTo(moved(rows, 0, AWFUL));
    List<TokenEffects> ofTwo =
        new LeaveOneOut(sample, new LeaveOneOutSettings(ROWS, 2, 1)).explain(new Bag());
    assertThat(strongest(ofTwo.get(0))).isEqualTo(new TokenEffect("text", "rare", 64, 2));
    assertThat(
            new LeaveOneOut(sample, new LeaveOneOutSettings(ROWS, ROWS + 1, 1))
                .explain(new Bag())
                .get(1)
                .sides())
        .extracting(TokenEffects.Side::tokens)
        .containsOnly(List.of());
  }

  private static TokenEffect strongest(TokenEffects effects) {
    assertThat(effects.sides().get(0).tokens()).hasSize(1);
    return effects.sides().get(0).tokens().get(0);
  }

  @Test
  void theOrderAndThePartitionsOfTheRowsLeaveNoTrace() {
    LeaveOneOutSettings settings = new LeaveOneOutSettings(100, 2, 10);
    List<List<TokenEffects>> all = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 7}) {
      Dataset<Row> rows = table(reviews()).repartition(partitions);
      all.add(new LeaveOneOut(sample(rows, 100), settings).explain(new Bag()));
    }
    assertThat(all.get(0)).extracting(TokenEffects::rows).containsExactly(100L, 100L);
    assertThat(all).containsOnly(all.get(0));
  }

  /** Words that a model has learned from the rows. */
  @Test
  void aLinearBagOfWordsIsExplainedByItsWeights() {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < ROWS; i++) {
      String word = List.of("great", "awful", "满").get(random.nextInt(3));
      rows.add(
          RowFactory.create(
              "row" + i,
              0.0,
              "room " + word + " room",
              1.0,
              word.equals("awful") ? "bad" : "good"));
    }
    Dataset<Row> reviews = table(rows);
    Label label = Label.binary("mood", List.of("bad", "good"), "good");
    FittedPreprocessing fitted =
        new FittedPreprocessing(
            preprocessing().input(),
            preprocessing().features(),
            List.of(
                new ClassLabel(
                    "mood", FieldType.STRING, label.classes(), List.of(1L, 1L), "good")));
    Model model =
        Baselines.fitted(
                "explain.baselines",
                List.of("logistic-regression"),
                new Baselines.Rows(
                    new BaselineInput(
                        Normalise.apply(fitted, reviews)
                            .accepted()
                            .withColumn("part", lit("train")),
                        "key",
                        "part",
                        "label",
                        fitted.schema().inputs(),
                        label),
                    "train",
                    null,
                    "train"),
                42)
            .get(0)
            .model();
    RawSample sample =
        RawSample.of(Bundles.ofZeros(fitted, 2, List.of(Target.binary(1))), reviews, ROWS, 7);
    List<TokenEffects.Side> sides =
        new LeaveOneOut(sample, new LeaveOneOutSettings(ROWS, 5, 2)).explain(model).get(0).sides();
    assertThat(sides).extracting(TokenEffects.Side::name).containsExactly("bad", "good");
    assertThat(sides.get(0).tokens().get(0).token()).isEqualTo("awful");
    assertThat(sides.get(0).tokens().get(0).effect()).isGreaterThan(0.3);
    assertThat(sides.get(1).tokens())
        .extracting(TokenEffect::token)
        .containsExactlyInAnyOrder("great", "满");
  }

  @Test
  void settingsTellEveryProblem() {
    assertThatThrownBy(() -> new LeaveOneOutSettings(-1, 0, 0))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "rows must be at least 0, got -1",
                        "least-rows must be at least 1, got 0",
                        "most must be between 1 and 1000, got 0"));
  }
}
