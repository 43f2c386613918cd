package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;

class AugmentTest {
  private static final Oversample OVERSAMPLE = new Oversample(List.of("all"), 0.9);
  private static final Smote SMOTE = new Smote(5, List.of("all"), 1);
  private static final Jitter JITTER = new Jitter(2, 0.05);

  static Stream<Augmenter> augmenters() {
    return Stream.of(OVERSAMPLE, SMOTE, JITTER);
  }

  @ParameterizedTest
  @MethodSource("augmenters")
  void isRegistered(Augmenter augmenter) {
    assertThat(Augmenters.TYPES.types())
        .containsEntry(Augmenters.TYPES.name(augmenter), augmenter.getClass());
  }

  /** Neither order nor partitions matter, and the seed does. */
  @ParameterizedTest
  @MethodSource("augmenters")
  void isAFunctionOfTheRowsAlone(Augmenter augmenter) {
    List<Row> rows = Features.rows(11, 60, 13, 7);
    List<Row> expected = Features.added(Features.train(rows), 42, augmenter);
    assertThat(expected).isNotEmpty();
    for (int partitions : new int[] {1, 2, 7}) {
      Collections.shuffle(rows, new Random(partitions));
      TrainFeatures train =
          new TrainFeatures(
              Features.table(Features.SCHEMA, rows).repartition(partitions),
              Features.schema(Features.GROUPS, Features.CLASSES));
      assertThat(Features.added(train, 42, augmenter)).isEqualTo(expected);
    }
    assertThat(Features.added(Features.train(rows), 43, augmenter)).isNotEqualTo(expected);
  }

  @Test
  void stepsAddToTheRowsAsTheyWereUnderKeysOfTheirOwn() {
    List<Row> rows = Features.rows(12, 30, 8, 5);
    List<Row> added =
        Features.added(Features.train(rows), 1, OVERSAMPLE, JITTER, OVERSAMPLE, SMOTE, JITTER);

    Set<String> sources = new TreeSet<>();
    rows.forEach(row -> sources.add(Features.key(row)));
    Set<String> keys = new HashSet<>();
    Set<List<Object>> copies = new HashSet<>();
    for (Row row : added) {
      String source = Features.sourceKey(row);
      assertThat(sources).contains(source);
      assertThat(Features.key(row)).isEqualTo("%s%08x".formatted(source, row.getInt(7)));
      assertThat(keys.add(Features.key(row))).isTrue();
      assertThat(copies.add(List.of(source, row.getInt(7)))).isTrue();
    }
    // Classes of 8 and 5 grow to 27 twice and to 30 once; two times two copies of each row.
    assertThat(added).hasSize(2 * (19 + 22) + (22 + 25) + 4 * 43);
  }

  @Test
  void withoutStepsThereAreNoRowsButTheColumns() {
    TrainFeatures train = Features.train(Features.rows(1, 3, 2));
    assertThat(Augment.apply(train, null, new AugmentSettings(List.of()), 1).schema())
        .isEqualTo(
            Features.SCHEMA.add("source_key", "binary", false).add("copy", "integer", false));
    assertThat(Features.added(train, 1)).isEmpty();
  }

  @Test
  void otherColumnsAreTheSourceRows() {
    TrainFeatures train =
        new TrainFeatures(
            Features.train(Features.rows(3, 9, 4)).rows().selectExpr("*", "label + 0.5 AS weight"),
            Features.schema(Features.GROUPS, List.of("no", "yes")));
    for (Row row : Features.added(train, 1, OVERSAMPLE, SMOTE, JITTER)) {
      assertThat(row.<Object>getAs("weight").toString()).isEqualTo(row.getInt(2) + ".5");
      assertThat(row.getString(1)).isEqualTo("train");
    }
  }

  static Stream<Arguments> needingClasses() {
    return Stream.of(Arguments.of("oversample", OVERSAMPLE), Arguments.of("smote", SMOTE));
  }

  @ParameterizedTest
  @MethodSource("needingClasses")
  void aNumberHasNoClasses(String type, Augmenter augmenter) {
    TrainFeatures train =
        new TrainFeatures(
            Features.table(Features.REGRESSION, List.of()),
            Features.schema(Features.GROUPS, List.of()));
    assertThatThrownBy(() -> Features.added(train, 1, JITTER, augmenter))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
        .hasMessage(
            "augment.steps[1]: %s needs a label with classes, the label is not of normalise type class"
                .formatted(type));
  }

  @Test
  void jitterTakesNumbersAsLabels() {
    List<Row> rows =
        List.of(
            RowFactory.create(
                new byte[] {1}, "train", 1.5f, List.of(1f, 2f), List.of(0, 1), List.of(0f)),
            RowFactory.create(
                new byte[] {2}, "train", 2.5f, List.of(3f, 2f), List.of(2, 1), List.of(1f)));
    TrainFeatures train =
        new TrainFeatures(
            Features.table(Features.REGRESSION, rows), Features.schema(Features.GROUPS, List.of()));
    assertThat(Features.added(train, 1, new Jitter(1, 0.1)))
        .extracting(Features::key, row -> row.getFloat(2))
        .containsExactly(tuple("0100000001", 1.5f), tuple("0200000001", 2.5f));
  }

  @Test
  void jitterNeedsNumbers() {
    TrainFeatures train =
        new TrainFeatures(
            Features.train(Features.rows(1, 3)).rows(),
            Features.schema(
                List.of(Features.group("b", Element.INDEX, "p", "q")), Features.CLASSES));
    assertThatThrownBy(() -> Features.added(train, 1, JITTER))
        .hasMessage("augment.steps[0]: jitter needs features that are numbers, there are none");
  }

  private static TrainFeatures pictures() {
    List<Row> rows =
        List.of(
            RowFactory.create(new byte[] {1}, "train", 0, new byte[] {0, 51}),
            RowFactory.create(new byte[] {2}, "train", 0, new byte[] {(byte) 255, 51}),
            RowFactory.create(new byte[] {3}, "train", 1, new byte[] {102, 51}));
    return new TrainFeatures(
        Features.table(
            StructType.fromDDL("key BINARY, part STRING, label INT, image BINARY"), rows),
        Features.schema(
            List.of(TensorSpec.bytes("image", List.of(1, 1, 2), 255)), List.of("no", "yes")));
  }

  @Test
  void aPictureThatIsRepeatedStaysBytes() {
    assertThat(Features.added(pictures(), 1, OVERSAMPLE))
        .extracting(Features::sourceKey, row -> List.of(row.<byte[]>getAs("image")[0]))
        .containsExactly(tuple("03", List.of((byte) 102)));
  }

  /** Rounded to bytes, its noise would not be the one that was asked for. */
  @Test
  void aPictureWithNoiseIsNumbers() {
    List<Row> added = Features.added(pictures(), 1, OVERSAMPLE, new Jitter(1, 0.1));
    assertThat(added).extracting(Features::sourceKey).containsExactly("01", "02", "03", "03");
    for (Row row : added) {
      // It never varies, and so gets no noise.
      assertThat(row.<Float>getList(3).get(1)).isEqualTo(0.2f);
    }
    assertThat(added.get(2).<Float>getList(3).get(0)).isEqualTo(0.4f);
    assertThat(added.get(0).<Float>getList(3).get(0)).isNotZero().isBetween(-0.3f, 0.3f);
  }

  static Stream<Arguments> wrongParameters() {
    return Stream.of(
        Arguments.of(
            (Supplier<Object>) () -> new Oversample(List.of(), 0),
            "classes must not be empty\nratio must be above 0 and finite, got 0.0"),
        Arguments.of(
            (Supplier<Object>) () -> new Oversample(List.of("yes", "all"), Double.NaN),
            "classes must be minority, all or a list of classes, got yes, all\n"
                + "ratio must be above 0 and finite, got NaN"),
        Arguments.of(
            (Supplier<Object>) () -> new Smote(0, List.of("all"), -1),
            "neighbours must be from 1 to 1000, got 0\nratio must be above 0 and finite, got -1.0"),
        Arguments.of(
            (Supplier<Object>) () -> new Jitter(0, Double.POSITIVE_INFINITY),
            "copies must be from 1 to 1000, got 0\nstd must be above 0 and finite, got Infinity"));
  }

  @ParameterizedTest
  @MethodSource("wrongParameters")
  void reportsEveryParameterOutOfRange(Supplier<Object> construct, String message) {
    assertThatThrownBy(construct::get)
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
        .hasMessage(message);
  }

  private static TrainFeatures withSeries() {
    StructType schema = StructType.fromDDL("key BINARY, part STRING, label INT, text ARRAY<INT>");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rows.add(
          RowFactory.create(
              new byte[] {(byte) i},
              "train",
              i < 4 ? 0 : 1,
              i == 4 ? List.of() : List.of(2, 1, i)));
    }
    TensorSpec text =
        TensorSpec.of(
            "text", Element.INDEX, List.of(-1), List.of(), List.of(6), List.of(List.of()));
    return new TrainFeatures(
        Features.table(schema, rows), Features.schema(List.of(text), List.of("no", "yes")));
  }

  @Test
  void seriesAreRepeatedAsTheyAre() {
    List<Row> added =
        Augment.apply(
                withSeries(),
                null,
                new AugmentSettings(List.of(new Oversample(List.of("minority"), 1))),
                42)
            .orderBy("source_key", "copy")
            .collectAsList();
    assertThat(added)
        .extracting(row -> row.getInt(2), row -> row.getList(3))
        .containsExactly(tuple(1, List.of()), tuple(1, List.of(2, 1, 5)));
  }

  @Test
  void whatChangesNumbersCannotChangeSeries() {
    assertThatThrownBy(
            () ->
                Augment.apply(
                    withSeries(),
                    null,
                    new AugmentSettings(List.of(JITTER, OVERSAMPLE, SMOTE)),
                    42))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "augment.steps[0]: jitter cannot make examples with a series, which feature group text is; oversample repeats them as they are",
                        "augment.steps[2]: smote cannot make examples with a series, which feature group text is; oversample repeats them as they are"));
  }
}
