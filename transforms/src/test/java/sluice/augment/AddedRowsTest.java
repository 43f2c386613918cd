package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.augment.text.Eda;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.SparkSchema;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.GroupSettings;
import sluice.normalise.LabelScale;
import sluice.normalise.LabelSettings;
import sluice.normalise.LabelType;
import sluice.normalise.Normalise;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.OneHot;
import sluice.normalise.Standardise;
import sluice.normalise.Step;
import sluice.normalise.Unseen;
import sluice.normalise.Words;
import sluice.testing.LocalSpark;
import sluice.text.Chinese;
import sluice.text.Punctuation;

/** Copies of texts through the preprocessing that was fitted on the train rows. */
class AddedRowsTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("_key BINARY, _part STRING, text STRING, label STRING, copy INT");
  private static final Words WORDS = new Words(true, Punctuation.KEEP, Chinese.WORDS, 1, 1000);
  private static final List<String> SENTENCES =
      List.of(
          "a happy child saw the big house",
          "the quick movie, and an old automobile",
          "我们昨天看了一部很好的电影",
          "begin to talk of a good film at home");

  private static List<Row> rows = List.of();

  @BeforeAll
  static void make() {
    List<Row> made = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      made.add(
          RowFactory.create(
              "%016x".formatted(i * 7919L).getBytes(StandardCharsets.UTF_8),
              "train",
              SENTENCES.get(i % 4),
              i < 40 ? "ham" : i < 55 ? "spam" : "rare",
              i));
    }
    rows = made;
  }

  private static NormaliseSettings settings(String column, Step step) {
    return new NormaliseSettings(
        new LabelSettings("label", LabelType.CLASS, null, LabelScale.NONE),
        List.of(
            new GroupSettings("numbers", List.of("copy"), List.of(new Standardise())),
            new GroupSettings("words", List.of(column), List.of(step))));
  }

  private static List<Row> added(
      List<Row> given, int partitions, long seed, NormaliseSettings settings, Augmenter... steps) {
    Dataset<Row> train =
        LocalSpark.session().createDataFrame(given, SCHEMA).repartition(partitions);
    FittedPreprocessing fitted =
        Normalise.fit(
            train.drop("_part"), SparkSchema.contract(train.drop("_part").schema()), settings);
    List<Row> added =
        new ArrayList<>(
            Augment.apply(
                    new TrainFeatures(Normalise.apply(fitted, train).accepted(), fitted.schema()),
                    new TrainRows(train, fitted),
                    new AugmentSettings(List.of(steps)),
                    seed)
                .collectAsList());
    added.sort(
        Comparator.comparing(
                (Row row) -> row.<byte[]>getAs(FeatureLayout.SOURCE_KEY), Arrays::compareUnsigned)
            .thenComparing(row -> row.<Integer>getAs(FeatureLayout.COPY)));
    return added;
  }

  private static Eda eda(@Nullable Integer copies, List<String> classes, @Nullable Double ratio) {
    return new Eda(List.of("text"), Eda.Language.EN, 0.3, copies, classes, ratio);
  }

  private static Map<Integer, Integer> byLabel(List<Row> added) {
    Map<Integer, Integer> counts = new HashMap<>();
    added.forEach(row -> counts.merge(row.<Integer>getAs("label"), 1, Integer::sum));
    return counts;
  }

  @Test
  void copiesAreTheSameForAnyPartitionsAndSeedsDiffer() {
    List<Row> shuffled = new ArrayList<>(rows);
    List<Row> expected = added(rows, 1, 42, settings("text", WORDS), eda(2, List.of("all"), null));
    assertThat(expected).hasSize(120);
    for (int partitions : new int[] {2, 7}) {
      Collections.shuffle(shuffled, new Random(partitions));
      assertThat(
              added(
                  shuffled, partitions, 42, settings("text", WORDS), eda(2, List.of("all"), null)))
          .isEqualTo(expected);
    }
    assertThat(added(rows, 2, 43, settings("text", WORDS), eda(2, List.of("all"), null)))
        .isNotEqualTo(expected);
  }

  @Test
  void aCopyIsAChangedRowUnderAKeyOfItsOwn() {
    // Copies of one step are numbered behind those of another.
    List<Row> added =
        added(
            rows,
            3,
            1,
            settings("text", WORDS),
            new Oversample(List.of("rare"), 0.25),
            eda(2, List.of("all"), null));
    assertThat(added).hasSize(5 + 120);
    Map<String, Row> sources = new HashMap<>();
    rows.forEach(row -> sources.put(HexFormat.of().formatHex(row.getAs(0)), row));
    Set<String> keys = new TreeSet<>();
    int changed = 0;
    Map<String, List<?>> indices = new HashMap<>();
    for (Row row : added) {
      String source = Features.sourceKey(row);
      Row of = sources.get(source);
      assertThat(of).isNotNull();
      int copy = row.<Integer>getAs(FeatureLayout.COPY);
      assertThat(copy).isBetween(1, 3);
      assertThat(Features.key(row)).isEqualTo("%s%08x".formatted(source, copy));
      assertThat(keys.add(Features.key(row))).isTrue();
      assertThat(row.<String>getAs("part")).isEqualTo("train");
      // A column of the rows has the name of one of the copies' own.
      assertThat(row.<Float>getList(row.fieldIndex("numbers")))
          .isEqualTo(List.of((float) ((of.getInt(4) - 29.5) / Math.sqrt(3599 / 12.0))));
      indices.merge(
          of.getString(2) + copy,
          row.getList(row.fieldIndex("words")),
          (one, other) -> one.equals(other) ? one : List.of());
    }
    for (List<?> same : indices.values()) {
      changed += same.isEmpty() ? 1 : 0;
    }
    // Different copies of one text differ, but for the oversampled.
    assertThat(changed).isEqualTo(8);
  }

  @Test
  void classesGrowAsByOversample() {
    assertThat(byLabel(added(rows, 2, 1, settings("text", WORDS), eda(null, List.of("all"), 1.0))))
        .containsOnly(Map.entry(1, 35), Map.entry(2, 25));
    List<Row> few =
        added(rows, 2, 1, settings("text", WORDS), eda(3, List.of("rare", "spam"), null));
    assertThat(byLabel(few)).hasSize(2).containsValues(15, 45);
    assertThat(eda(1, List.of("all"), null).needsClasses()).isFalse();
    assertThat(eda(1, List.of("rare"), null).needsClasses()).isTrue();
    assertThatThrownBy(
            () -> added(rows, 2, 1, settings("text", WORDS), eda(1, List.of("none"), null)))
        .hasMessageContaining("augment.steps[0]: eda knows no class none, there are [");
  }

  @Test
  void copiesThatGiveNoFeaturesAreTold() {
    // Texts as categories of which only those of the train rows are known.
    assertThatThrownBy(
            () ->
                added(
                    rows,
                    2,
                    1,
                    settings("text", new OneHot(Unseen.ERROR, 1, null)),
                    eda(1, List.of("all"), null)))
        .hasMessageContaining("augment.steps[0]: eda made ")
        .hasMessageContaining(" rows that give no features: text is ");
  }

  @Test
  void columnsThatCannotBeChangedAreTold() {
    DatasetContract cleaned =
        new DatasetContract(
            List.of(
                new Field("text", FieldType.STRING),
                new Field("title", FieldType.STRING),
                new Field("age", FieldType.INT)));
    Eda eda =
        new Eda(
            List.of("text", "title", "age", "no"),
            Eda.Language.EN,
            0.1,
            null,
            List.of("all"),
            null);
    assertThat(
            Augment.problems(
                new AugmentSettings(List.of(new Jitter(1, 1), eda)), cleaned, Set.of("text")))
        .containsExactly(
            "augment.steps[1]: column title must be in a feature group, which are of text",
            "augment.steps[1]: column age must be string for eda, is int",
            "augment.steps[1]: " + cleaned.unknown("no"));
  }

  @Test
  void aTextWhoseTokensHaveTagsIsNotChanged() {
    AugmentSettings settings =
        new AugmentSettings(List.of(new Jitter(1, 1), eda(1, List.of("all"), null)));
    assertThat(Augment.taggedProblems(settings, List.of("other", "text")))
        .containsExactly(
            "augment.steps[1]: eda must not change column text, whose tokens have tags");
    assertThat(Augment.taggedProblems(settings, List.of("other"))).isEmpty();
  }
}
