package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Cleaning;
import sluice.clean.RejectUnlabelled;
import sluice.clean.RuleOutcome;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.data.SpanScheme;
import sluice.testing.LocalSpark;

/** Labels that are sets of names. */
class SetLabelTest {
  private static final DatasetContract CONTRACT =
      new DatasetContract(
          List.of(new Field("text", FieldType.STRING), new Field("topics", FieldType.STRING)));

  private static Dataset<Row> table(@Nullable String... topics) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < topics.length; i++) {
      rows.add(RowFactory.create("key" + i, "file", "a text", topics[i]));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows, StructType.fromDDL("_key STRING, _source STRING, text STRING, topics STRING"));
  }

  private static NormaliseSettings settings(String separator, int minCount) {
    return new NormaliseSettings(
        LabelSettings.ofSet("topics", separator, minCount),
        List.of(new GroupSettings("words", List.of("text"), List.of(new Tokens(false, 1, 100)))));
  }

  private static SetLabel fit(Dataset<Row> rows, String separator, int minCount) {
    return (SetLabel) Normalise.fit(rows, CONTRACT, settings(separator, minCount)).labels().get(0);
  }

  private static Iterable<String> names(String text, String separator) {
    return SetLabel.names(text, separator);
  }

  @Test
  void namesStandBetweenSeparatorsOnceEach() {
    assertThat(names("wheat,corn ,\u2003wheat,, \uD83C\uDF3D", ","))
        .containsExactly("corn", "wheat", "\uD83C\uDF3D");
    assertThat(names("a||b|c||", "||")).containsExactly("a", "b|c");
    assertThat(names(" a  b ", " ")).containsExactly("a", "b");
    assertThat(names("", ",")).isEmpty();
    assertThat(names(" ,\t, ", ",")).isEmpty();
    assertThat(names("a.b", ".")).containsExactly("a", "b");
  }

  /** However many names there are that few rows have. */
  @Test
  void aLongTailIsLeftOut() {
    String[] topics = new String[60];
    for (int row = 0; row < topics.length; row++) {
      StringBuilder names = new StringBuilder(row % 2 == 0 ? "corn" : "wheat");
      for (int rare = 0; rare < 200; rare++) {
        names.append(",rare").append(row * 200 + rare);
      }
      topics[row] = names.toString();
    }
    assertThat(fit(table(topics), ",", 20).names()).containsExactly("corn", "wheat");
    assertThatThrownBy(() -> fit(table(topics), ",", 1))
        .hasMessage(
            "label topics: must have at most 10000 names that 1 or more train rows have (normalise.label.min-count), and has 12002");
  }

  @Test
  void namesOfABundleAreInOrder() {
    assertThatThrownBy(() -> new SetLabel("topics", List.of("b", "a"), List.of(1L, 1L), 2, ","))
        .hasMessage("label topics: names must be by code point and different, got b before a");
  }

  /** Null is no set, a text without a name the empty one; the result knows no partitions. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void setsBecomeIndices(int partitions) {
    Dataset<Row> rows =
        table("corn,wheat", "wheat,wheat", "", "earn", " , ").repartition(partitions);
    FittedPreprocessing fitted = Normalise.fit(rows, CONTRACT, settings(",", 1));
    SetLabel label = (SetLabel) fitted.labels().get(0);

    assertThat(label)
        .isEqualTo(
            new SetLabel("topics", List.of("corn", "earn", "wheat"), List.of(1L, 1L, 2L), 5, ","));
    assertThat(label.value("wheat, corn,wheat")).containsExactly(0, 2);
    assertThat(label.value("")).isEmpty();
    assertThat(label.value(null)).isNull();
    assertThat(label.truth("corn")).isNull();
    assertThat(label.tensor().orElseThrow().isSeries()).isTrue();
    assertThat(Json.read(Json.write(fitted), FittedPreprocessing.class, "it")).isEqualTo(fitted);
    List<Object> features = new ArrayList<>();
    for (Row row :
        Normalise.apply(fitted, table("wheat,corn", "", "unknown,earn", null))
            .accepted()
            .select("key", "label")
            .orderBy("key")
            .collectAsList()) {
      features.add(row.isNullAt(1) ? "missing" : row.getList(1));
    }
    assertThat(features).isEqualTo(List.of(List.of(0, 2), List.of(), List.of(1), "missing"));
  }

  @Test
  void namesOfTooFewTrainRowsAreNotLearntAndCounted() {
    Dataset<Row> train = table("a,b", "a,b", "a,rare", "b");
    SetLabel label = fit(train, ",", 2);

    assertThat(label.names()).containsExactly("a", "b");
    assertThat(label.value("rare,b,new")).containsExactly(1);
    assertThat(label.value("rare")).isEmpty();
    Dataset<Row> all = train.unionAll(table("new,a", "new;rare"));
    assertThat(Normalise.unlearnt(label, all)).contains("new (1), new;rare (1), rare (1)");
    assertThat(Normalise.unlearnt(label, table("a", "b,a", ""))).isEmpty();
    Normalise.checkLabels(
        new FittedPreprocessing(CONTRACT.without("topics"), List.of(), List.of(label)),
        all,
        "test");
  }

  @Test
  void aMissingSetIsNoEmptyOne() {
    SetLabel label = fit(table("a", "b"), ",", 1);
    FittedPreprocessing fitted =
        new FittedPreprocessing(CONTRACT.without("topics"), List.of(), List.of(label));

    assertThatThrownBy(() -> Normalise.checkLabels(fitted, table("a", null, ""), "test"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            "label topics: must be there, and is not on 1 test rows: missing (1)");
    assertThatThrownBy(() -> fit(table("a", null, "b"), ",", 1))
        .hasMessageContaining("is missing on 1 of 3; add a reject-missing rule for it");
    Cleaning cleaning = new Cleaning(CONTRACT, List.of(new RejectUnlabelled(List.of("topics"))));
    assertThat(cleaning.apply(table("a", null, "")).rejected().select("_key").collectAsList())
        .containsExactly(RowFactory.create("key1"));
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    record.put("text", "a text");
    for (@Nullable String topics : Arrays.asList("", null)) {
      record.put("topics", topics);
      assertThat(cleaning.apply(RawRecord.of(record)))
          .isInstanceOf(topics == null ? RuleOutcome.Rejected.class : RuleOutcome.Kept.class);
    }
  }

  @Test
  void labelsThatTeachNothingAreRefused() {
    assertThatThrownBy(() -> fit(table("a;b", "a;b", ""), ",", 1))
        .hasMessageContaining(
            "label topics: must have at least two names that 1 or more train rows have (normalise.label.min-count), and of the 1 of the 3 train rows that have a set there are 1; is \",\" what stands between names?");
    assertThatThrownBy(() -> fit(table(null, null), ",", 1))
        .hasMessageContaining("label topics: must be there on every train row");
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    DatasetContract numbers =
        new DatasetContract(
            List.of(new Field("text", FieldType.STRING), new Field("topics", FieldType.INT)));
    assertThat(settings(",", 1).problems(numbers))
        .containsExactly("normalise.label: type = set cannot take column topics, which is int");
    assertThatThrownBy(() -> LabelSettings.ofSet("topics", "", 0))
        .hasMessageContaining("separator must have a character, got none")
        .hasMessageContaining("min-count must be at least 1, got 0");
    assertThatThrownBy(
            () ->
                new LabelSettings(
                    "topics",
                    LabelType.CLASS,
                    null,
                    LabelScale.AUTO,
                    null,
                    SpanScheme.NONE,
                    ";",
                    2))
        .hasMessageContaining("separator is for type = set only, got \";\" with class")
        .hasMessageContaining("min-count is for type = set only, got 2 with class");
  }
}
