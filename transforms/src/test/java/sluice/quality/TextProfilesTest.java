package sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.normalise.TextFeature;
import sluice.quality.Finding.Level;
import sluice.quality.TextProfile.Judged;
import sluice.quality.TextProfile.Lengths;
import sluice.quality.TextProfile.PartTexts;
import sluice.testing.LocalSpark;

class TextProfilesTest {
  private static final String NAME = "a `text`.1";

  private static final String KEYED = "_key binary, _part string, `a ``text``.1` string";

  private static final Judged EMOJI = judged(20, Map.of("no letters", 20L), 20, 20);
  private static final Judged CHINESE = judged(1, Map.of("not sure", 1L), 1, 1);

  /** Texts that are too short for either corpus. */
  private static Judged judged(long texts, Map<String, Long> languages, long c4, long gopher) {
    return new Judged(
        texts,
        languages,
        Map.of("sentence count at least 3", c4),
        Map.of("word count at least 50", gopher));
  }

  private static Row keyed(String part, String text) {
    return RowFactory.create(text.getBytes(StandardCharsets.UTF_8), part, text);
  }

  private static TextFeature text(
      String column, String group, @Nullable Integer unknown, @Nullable Integer most) {
    return new TextFeature(
        column,
        TensorSpec.of(
            group,
            Element.INDEX,
            List.of(Axis.VARYING),
            List.of(),
            List.of(50),
            List.of(List.of())),
        unknown,
        most);
  }

  private static Dataset<Row> table(List<Row> rows, String schema, int partitions) {
    return LocalSpark.session()
        .createDataFrame(rows, StructType.fromDDL(schema))
        .repartition(partitions);
  }

  /** Twenty train rows of the lengths 0 to 19, and a test row. */
  @Test
  void lengthsUnknownTokensAndCutTextsAreCounted() {
    List<Row> rows = new ArrayList<>();
    List<Row> features = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(keyed("train", "\uD83D\uDE00".repeat(i)));
      List<Integer> series = new ArrayList<>();
      for (int step = 0; step < 2 * i; step++) {
        series.add(step % 4);
      }
      features.add(RowFactory.create("train", series, List.of(0)));
    }
    rows.add(keyed("test", "满意"));
    features.add(RowFactory.create("test", List.of(7, 0, 0), List.of(0, 0)));
    TextProfile words =
        new TextProfile(
            NAME,
            "words",
            49,
            30,
            List.of(
                new PartTexts(
                    "train",
                    20,
                    1,
                    new Lengths(9, 18, 19),
                    new Lengths(18, 36, 38),
                    380,
                    100L,
                    4,
                    EMOJI),
                new PartTexts(
                    "test", 1, 0, new Lengths(2, 2, 2), new Lengths(3, 3, 3), 3, 2L, 0, CHINESE)));
    TextProfile bytes =
        new TextProfile(
            NAME,
            "bytes",
            50,
            null,
            List.of(
                new PartTexts(
                    "train",
                    20,
                    1,
                    new Lengths(9, 18, 19),
                    new Lengths(1, 1, 1),
                    20,
                    null,
                    0,
                    EMOJI),
                new PartTexts(
                    "test",
                    1,
                    0,
                    new Lengths(2, 2, 2),
                    new Lengths(2, 2, 2),
                    2,
                    null,
                    0,
                    CHINESE)));
    // A step that keeps 38 tokens may have cut a text that has as many.
    TextProfile pieces =
        new TextProfile(
            NAME,
            "pieces",
            49,
            null,
            List.of(
                new PartTexts(
                    "train",
                    20,
                    1,
                    new Lengths(9, 18, 19),
                    new Lengths(18, 36, 38),
                    380,
                    90L,
                    1,
                    EMOJI),
                new PartTexts(
                    "test", 1, 0, new Lengths(2, 2, 2), new Lengths(3, 3, 3), 3, 0L, 0, CHINESE)));
    for (int partitions : new int[] {1, 2, 7}) {
      assertThat(
              TextProfiles.of(
                  table(rows, KEYED, partitions),
                  table(features, "part string, words array<int>, bytes array<int>", partitions)
                      .withColumn("pieces", functions.col("words")),
                  List.of(
                      text(NAME, "words", 0, null),
                      text(NAME, "bytes", null, null),
                      text(NAME, "pieces", 3, 38)),
                  Map.of("words", 30),
                  Map.of("train", 20L, "test", 1L)))
          .containsExactly(words, bytes, pieces);
    }
  }

  /** Index 0 is an n-gram as any other. */
  @Test
  void knownNGramsOfWeightedTextsAreCounted() {
    TensorSpec grams =
        TensorSpec.of(
            "grams",
            Element.WEIGHTED_INDEX,
            List.of(Axis.VARYING),
            List.of(),
            List.of(50),
            List.of(List.of()));
    Row two = RowFactory.create(List.of(0, 7), List.of(0.6f, 0.8f));
    assertThat(
            TextProfiles.of(
                table(
                    List.of(keyed("train", "a b"), keyed("train", "")),
                    "_key binary, _part string, t string",
                    2),
                table(
                    List.of(
                        RowFactory.create("train", two),
                        RowFactory.create("train", RowFactory.create(List.of(), List.of()))),
                    "part string, grams struct<indices: array<int>, weights: array<float>>",
                    2),
                List.of(new TextFeature("t", grams, null, null)),
                Map.of(),
                Map.of("train", 2L)))
        .containsExactly(
            new TextProfile(
                "t",
                "grams",
                50,
                null,
                List.of(
                    new PartTexts(
                        "train",
                        2,
                        1,
                        new Lengths(0, 3, 3),
                        new Lengths(0, 2, 2),
                        2,
                        null,
                        0,
                        judged(2, Map.of("not sure", 1L, "no letters", 1L), 2, 2)))));
  }

  /** In one scan of the rows, whatever is counted. */
  @Test
  void languagesAndQualityAreThoseOfSomeTexts() {
    String english = "This is a plain sentence about the weather of today. ";
    String german = "Das ist ein einfacher Satz über das Wetter von heute. ";
    List<Row> rows = new ArrayList<>();
    List<Row> features = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String text = (i % 4 == 0 ? german : english).repeat(3) + (i % 2 == 0 ? "{" : "") + i;
      rows.add(keyed(i < 300 ? "train" : "test", text));
      features.add(RowFactory.create(i < 300 ? "train" : "test", List.of(1), List.of(1)));
    }
    rows.add(RowFactory.create(new byte[] {1}, "test", null));
    features.add(RowFactory.create("test", List.of(), List.of()));
    List<Judged> all = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 7}) {
      LongAccumulator scanned = LocalSpark.session().sparkContext().longAccumulator();
      FilterFunction<Row> counting =
          row -> {
            scanned.add(1);
            return true;
          };
      // A part that is said to be ten thousand rows large shows a half of its rows.
      List<PartTexts> parts =
          TextProfiles.of(
                  table(rows, KEYED, partitions).filter(counting),
                  table(features, "part string, words array<int>, bytes array<int>", partitions),
                  List.of(text(NAME, "words", 0, null)),
                  Map.of(),
                  Map.of("train", 10_000L, "test", 101L))
              .get(0)
              .parts();
      assertThat(scanned.value()).isEqualTo(401);
      assertThat(parts).extracting(PartTexts::rows).containsExactly(300L, 101L);
      all.add(parts.get(0).judged());
      assertThat(parts.get(1).judged())
          .isEqualTo(
              new Judged(
                  100,
                  Map.of("eng", 75L, "deu", 25L),
                  Map.of(
                      "count of curly brackets at most 0", 50L, "sentence count at least 3", 50L),
                  Map.of("word count at least 50", 100L)));
    }
    assertThat(all.get(0).texts()).isBetween(107L, 193L);
    assertThat(all).containsOnly(all.get(0));
  }

  @Test
  void withoutTextsNothingIsLookedAt() {
    Dataset<Row> none = LocalSpark.session().emptyDataFrame();
    assertThat(TextProfiles.of(none, none, List.of(), Map.of(), Map.of())).isEmpty();
  }

  private static Row row(String part, String text) {
    return RowFactory.create(part, text);
  }

  @Test
  void rowsOfTextsThatTrainRowsHaveAreCountedAndQuoted() {
    String longText = "y".repeat(101);
    List<Row> rows =
        List.of(
            row("train", "same"),
            row("train", "same"),
            row("test", "same"),
            row("test", "same"),
            row("validation", "same"),
            row("test", "Same"),
            row("train", longText),
            row("validation", longText),
            row("train", "alone"),
            row("test", "both"),
            row("validation", "both"),
            row("train", " "),
            row("test", " "),
            RowFactory.create("train", null),
            RowFactory.create("test", null));
    SharedTexts expected = new SharedTexts(NAME, 2, 2, List.of("same", "y".repeat(100) + "..."));
    for (int partitions : new int[] {1, 2, 7}) {
      assertThat(
              SharedTexts.of(table(rows, "_part string, `a ``text``.1` string", partitions), NAME))
          .isEqualTo(expected);
    }
    assertThat(expected.finding())
        .contains(
            new Finding(
                Level.WARNING,
                "held-out rows whose text in column a `text`.1 a train row has too: 2 of validation and 2 of test, as \"same\", \""
                    + "y".repeat(100)
                    + "...\""));
    assertThat(new SharedTexts("t", 0, 1, List.of("a")).finding())
        .contains(
            new Finding(
                Level.WARNING,
                "held-out rows whose text in column t a train row has too: 1 of test, as \"a\""));
    assertThat(
            SharedTexts.of(
                table(rows.subList(7, 13), "_part string, `a ``text``.1` string", 2), NAME))
        .isEqualTo(new SharedTexts(NAME, 0, 0, List.of()));
    assertThat(new SharedTexts(NAME, 0, 0, List.of()).finding()).isEmpty();
  }
}
