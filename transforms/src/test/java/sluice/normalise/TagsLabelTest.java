package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.clean.Cleaning;
import sluice.clean.RejectMisaligned;
import sluice.clean.RuleOutcome;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.data.SpanScheme;
import sluice.testing.LocalSpark;
import sluice.text.CharacterTokeniser;
import sluice.text.WhiteSpaceTokeniser;

/** Labels that tag the tokens of a text. */
class TagsLabelTest {
  private static final DatasetContract CONTRACT =
      new DatasetContract(
          List.of(new Field("text", FieldType.STRING), new Field("tags", FieldType.STRING)));
  private static final Step TOKENS = new Tokens(false, 1, 100);

  private static Dataset<Row> table(Row... rows) {
    return LocalSpark.session()
        .createDataFrame(
            List.of(rows),
            StructType.fromDDL("_key STRING, _source STRING, text STRING, tags STRING"));
  }

  private static Row row(String key, @Nullable String text, @Nullable String tags) {
    return RowFactory.create(key, "file", text, tags);
  }

  private static NormaliseSettings settings(SpanScheme spans) {
    return new NormaliseSettings(
        LabelSettings.ofTags("tags", spans),
        List.of(new GroupSettings("words", List.of("text"), List.of(TOKENS))));
  }

  @Test
  void whiteSpaceOfAnyKindPartsTokens() {
    assertThat(WhiteSpaceTokeniser.tokens(" a\u00a0b.c\t\u3000“d’e”\n\uD83D\uDE00 e\u0301 "))
        .containsExactly("a", "b.c", "“d’e”", "\uD83D\uDE00", "\u00e9");
    assertThat(WhiteSpaceTokeniser.tokens(" \n")).isEmpty();
    assertThat(new WhiteSpaceTokeniser(true).count("A b")).isEqualTo(2);
  }

  @Test
  void tagsBecomeIndices() {
    FittedPreprocessing fitted =
        Normalise.fit(
            table(row("a", "the dog barks", "d n v"), row("b", "dogs", "n"), row("c", "", "")),
            CONTRACT,
            settings(SpanScheme.NONE));
    TagsLabel label = (TagsLabel) fitted.labels().get(0);

    assertThat(label)
        .isEqualTo(
            new TagsLabel(
                "tags", List.of("d", "n", "v"), List.of(1L, 2L, 1L), 3, "words", SpanScheme.NONE));
    assertThat(label.meanLength()).isEqualTo(4.0 / 3);
    assertThat(label.value("v  d")).containsExactly(2, 0);
    assertThat(label.value("v x")).isNull();
    assertThat(label.value(null)).isNull();
    assertThat(label.tensor().orElseThrow().isSeries()).isTrue();
    assertThat(Json.read(Json.write(fitted), FittedPreprocessing.class, "it")).isEqualTo(fitted);
    assertThat(fitted.tokens("words", "the cat")).containsExactly("the", "cat");
    List<Row> features =
        Normalise.apply(fitted, table(row("a", "the cat barks", "d n v")))
            .accepted()
            .select("label", "words")
            .collectAsList();
    assertThat(features.get(0).getList(0)).isEqualTo(List.of(0, 1, 2));
    assertThat(features.get(0).getList(1)).hasSize(3).element(1).isEqualTo(0);
  }

  @Test
  void tagsThatTrainLacksAreListed() {
    FittedPreprocessing fitted =
        Normalise.fit(table(row("a", "the dog", "d n")), CONTRACT, settings(SpanScheme.NONE));
    Dataset<Row> others =
        table(row("b", "a b", "n x"), row("c", "a b c", "x y x"), row("d", "a", "n"));

    assertThatThrownBy(() -> Normalise.checkLabels(fitted, others, "test"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            "label tags: must be tags that the train rows have, and is not on 2 test rows: x (3), y (1)");
  }

  @Test
  void labelsThatTeachNothingAreRefused() {
    assertThatThrownBy(
            () -> Normalise.fit(table(row("a", "x y", "n n")), CONTRACT, settings(SpanScheme.NONE)))
        .hasMessageContaining(
            "label tags: must have at least two tags, and the tokens of all 1 train rows have n");
    assertThatThrownBy(
            () ->
                Normalise.fit(table(row("a", "x y", "B-a n")), CONTRACT, settings(SpanScheme.BIO)))
        .hasMessageContaining(
            "label tags: must have tags of the scheme bio, as normalise.label.spans says, got n");
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    List<GroupSettings> two =
        List.of(
            new GroupSettings("one", List.of("text"), List.of(TOKENS)),
            new GroupSettings("other", List.of("text"), List.of(TOKENS)));
    assertThat(
            new NormaliseSettings(LabelSettings.ofTags("tags", SpanScheme.NONE), two)
                .problems(CONTRACT))
        .containsExactly(
            "normalise.label.of must be a feature group of one column whose only step is tokens or characters, got none and there are 2");
    assertThat(
            new NormaliseSettings(
                    new LabelSettings(
                        "tags",
                        LabelType.TAGS,
                        null,
                        LabelScale.AUTO,
                        "other",
                        SpanScheme.NONE,
                        ",",
                        1),
                    two)
                .problems(CONTRACT))
        .containsExactly(
            "normalise.features[0]: group one is read for no label: tags are made of the tokens that have them alone");
    assertThatThrownBy(
            () ->
                new LabelSettings(
                    "tags", LabelType.CLASS, null, LabelScale.AUTO, "text", SpanScheme.BIO, ",", 1))
        .hasMessageContaining("of is for type = tags only, got text with class")
        .hasMessageContaining("spans is for type = tags only, got bio with class");
  }

  /** In both faces, with both numbers. */
  @Test
  void aRowWithoutATagForEachTokenIsRejected() {
    RejectMisaligned rule = new RejectMisaligned("tags", "text", new CharacterTokeniser(false));
    Cleaning cleaning = new Cleaning(CONTRACT, List.of(rule));
    List<Row> rows =
        Arrays.asList(
            row("a", "\uD83D\uDE00b", "s s"),
            row("b", "abc", "s s"),
            row("c", "", "s"),
            row("d", null, "s"),
            row("e", "a", null));
    AcceptedRejected split = cleaning.apply(table(rows.toArray(Row[]::new)));
    Map<String, String> rejected = new LinkedHashMap<>();
    for (Row row : split.rejected().orderBy("_key").collectAsList()) {
      assertThat(row.<String>getAs("_rule")).isEqualTo("normalise.label.of");
      rejected.put(row.getAs("_key"), row.getAs("_reason"));
    }
    assertThat(rejected)
        .containsExactly(
            Map.entry("b", "tags: must have a tag for each token of text, got 2 tags of 3 tokens"),
            Map.entry("c", "tags: must have a tag for each token of text, got 1 tags of 0 tokens"));
    for (Row row : rows) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put("text", row.get(2));
      values.put("tags", row.get(3));
      RuleOutcome outcome = cleaning.apply(RawRecord.of(values));
      assertThat(outcome instanceof RuleOutcome.Rejected one ? one.reason() : null)
          .isEqualTo(rejected.get(row.getString(0)));
    }
  }
}
