package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;
import sluice.text.Chinese;
import sluice.text.NGrams;
import sluice.text.Punctuation;
import sluice.text.Terms;

/** Texts become sparse vectors of n-grams. */
class TfIdfTest {
  private static TfIdf words(List<Integer> nGrams, long minCount, int most, boolean sublinear) {
    return new TfIdf(
        Terms.WORDS, true, Punctuation.DROP, Chinese.CHARACTERS, nGrams, minCount, most, sublinear);
  }

  private static final TfIdf SINGLE = words(List.of(1, 1), 1, 100, false);

  private static HashedNGrams hashed(int buckets) {
    return new HashedNGrams(
        Terms.WORDS, true, Punctuation.DROP, Chinese.CHARACTERS, List.of(1, 2), buckets);
  }

  private static TfIdfVector fit(TfIdf step, List<String> texts) {
    return (TfIdfVector) Fits.of(step, Kind.TEXT, texts);
  }

  private static WeightedIndices value(FittedStep step, String text) {
    return (WeightedIndices) Objects.requireNonNull(step.value(text));
  }

  @Test
  void weighsWhatIsFrequentHereAndRareElsewhere() {
    TfIdfVector fitted = fit(SINGLE, List.of("b a a", "A c", "b a"));
    assertThat(fitted.frequencies())
        .isEqualTo(new NGramFrequencies(3, List.of("a", "b", "c"), List.of(3L, 2L, 1L)));
    WeightedIndices value = value(fitted, "c new A a");
    double ofA = 2 * (Math.log(4.0 / 4) + 1);
    double ofC = Math.log(4.0 / 2) + 1;
    double length = Math.sqrt(ofA * ofA + ofC * ofC);
    assertThat(value.indices()).containsExactly(0, 2);
    assertThat(value.weights()).containsExactly((float) (ofA / length), (float) (ofC / length));
    assertThat(value(fitted, "unheard of").indices()).isEmpty();
    assertThat(value(fitted, "").weights()).isEmpty();
    assertThat(fitted.value(null)).isNull();
    assertThat(fitted.cardinality()).isEqualTo(3);
    assertThat(fitted.categories()).containsExactly("a", "b", "c");
    assertThat(fitted.encoding()).isEqualTo(Element.WEIGHTED_INDEX);
    assertThat(fitted.gives()).isEqualTo(Kind.WEIGHTED_SERIES);
    assertThat(fitted.shape(List.of(1))).containsExactly(Axis.VARYING);
  }

  @Test
  void mayTakeTheLogarithmOfACount() {
    TfIdfVector fitted = fit(words(List.of(1, 1), 1, 100, true), List.of("a b", "a b"));
    WeightedIndices value = value(fitted, "a a a b");
    double ofA = 1 + Math.log(3);
    assertThat(value.weights()[0])
        .isCloseTo((float) (ofA / Math.sqrt(ofA * ofA + 1)), within(1e-7f));
  }

  /** By the rows that have it, not by how often it occurs. */
  @Test
  void onlyWhatMostRowsHaveIsKnown() {
    List<String> texts =
        List.of("d c b \uD83D\uDE00 z z z z", "\uD83D\uDE00 d c \uFF21", "d b \uFF21", "x");
    TfIdf three =
        new TfIdf(Terms.WORDS, false, Punctuation.KEEP, Chinese.WORDS, List.of(1, 1), 2, 4, false);
    assertThat(fit(three, texts).frequencies())
        .isEqualTo(
            new NGramFrequencies(4, List.of("d", "b", "c", "\uFF21"), List.of(3L, 2L, 2L, 2L)));
    assertThatThrownBy(() -> fit(words(List.of(1, 2), 3, 9, false), List.of("a b", "a", "c c c")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "column x: at least one n-gram must occur in 3 train rows or more (min-count of its step), and none does");
  }

  /** By letters, so that a single long text outweighs many short ones. */
  @Test
  void theScriptsOfTheTrainRowsMayTellWhatNGramsAreOf() {
    TfIdf step =
        new TfIdf(null, true, Punctuation.DROP, Chinese.WORDS, List.of(1, 2), 1, 99, false);
    List<String> texts =
        new ArrayList<>(List.of("to be", "2023!", "\u6211 \u7231", "\uD842\uDFB7"));
    Random random = new Random(5);
    for (int letters = 0; letters < 2; letters++) {
      // Four letters and three: words. Then five: characters.
      TfIdf said =
          new TfIdf(
              letters == 0 ? Terms.WORDS : Terms.CHARACTERS,
              true,
              Punctuation.DROP,
              Chinese.WORDS,
              List.of(1, 2),
              1,
              99,
              false);
      TfIdfVector expected = fit(said, texts);
      assertThat(fit(step, texts)).isEqualTo(expected);
      for (int parts : new int[] {2, 7}) {
        Collections.shuffle(texts, random);
        assertThat(Fits.of(step, Kind.TEXT, texts, parts, random)).isEqualTo(expected);
      }
      texts.add("\u3042 \u0E01");
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> words(List.of(2, 1), 0, 0, false))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "n-grams must be the least length and the greatest, from 1 to 16, got [2, 1]",
                        "min-count must be at least 1, got 0",
                        "max-features must be at least 1, got 0"));
    assertThatThrownBy(() -> hashed(1)).hasMessage("buckets must be between 2 and 16777216, got 1");
    assertThatThrownBy(() -> hashed((1 << 24) + 1))
        .hasMessage("buckets must be between 2 and 16777216, got 16777217");
  }

  @Test
  void frequenciesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new NGramFrequencies(3, List.of("a", "a"), List.of(1L, 1L)))
        .hasMessage("n-grams: must be distinct, got a twice");
    assertThatThrownBy(() -> new NGramFrequencies(3, List.of("a"), List.of(4L)))
        .hasMessage("n-grams: a must occur in 1 to 3 rows, got 4");
    assertThatThrownBy(() -> new NGramFrequencies(3, List.of("a"), List.of()))
        .hasMessage("n-grams: each must have a count, got 1 n-grams and 0 counts");
  }

  @Test
  void vectorsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new WeightedIndices(new int[] {1}, new float[2]))
        .hasMessage("each index must have a weight, got 1 indices and 2 weights");
    assertThatThrownBy(() -> new WeightedIndices(new int[] {1, 1}, new float[] {1, 2}))
        .hasMessage(
            "indices must ascend from 0 on and weights be finite, got index 1 with weight 2.0 behind [1]");
    assertThatThrownBy(() -> new WeightedIndices(new int[] {-1}, new float[] {1}))
        .hasMessage(
            "indices must ascend from 0 on and weights be finite, got index -1 with weight 1.0 behind []");
    assertThatThrownBy(() -> new WeightedIndices(new int[] {3}, new float[] {Float.NaN}))
        .hasMessage(
            "indices must ascend from 0 on and weights be finite, got index 3 with weight NaN behind []");
  }

  @Test
  void agreesWithScikitLearnInAnyOrder() throws IOException {
    JsonNode reference = reference();
    Random random = new Random(3);
    List<String> train = texts(reference.path("train"));
    List<String> judged = texts(reference.path("judged"));
    assertThat(reference.path("cases")).hasSize(4);
    for (JsonNode each : reference.path("cases")) {
      TfIdf step =
          new TfIdf(
              each.path("analyzer").asText().equals("word") ? Terms.WORDS : Terms.CHARACTERS,
              true,
              Punctuation.DROP,
              Chinese.WORDS,
              List.of(each.at("/ngram_range/0").asInt(), each.at("/ngram_range/1").asInt()),
              each.path("min_df").asLong(),
              100_000,
              each.path("sublinear_tf").asBoolean());
      TfIdfVector fitted = fit(step, train);
      for (int parts : new int[] {2, 7}) {
        Collections.shuffle(train, random);
        assertThat(Fits.of(step, Kind.TEXT, train, parts, random)).isEqualTo(fitted);
      }
      assertThat(fitted.cardinality()).isEqualTo(each.path("features").asInt());
      for (int i = 0; i < judged.size(); i++) {
        WeightedIndices value = value(fitted, judged.get(i));
        Map<String, Float> found = new TreeMap<>();
        for (int j = 0; j < value.indices().length; j++) {
          found.put(fitted.categories().get(value.indices()[j]), value.weights()[j]);
        }
        Map<String, Float> expected = new TreeMap<>();
        each.path("values")
            .path(i)
            .properties()
            .forEach(of -> expected.put(of.getKey(), (float) of.getValue().asDouble()));
        assertThat(found.keySet()).as(judged.get(i)).isEqualTo(expected.keySet());
        expected.forEach(
            (nGram, weight) ->
                assertThat(found.get(nGram)).as(nGram).isCloseTo(weight, within(1e-7f)));
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TfIdfTest.class.getResourceAsStream("tfidf.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "tfidf.json");
    }
  }

  /** Buckets are those of the step hashing, in every version. */
  @Test
  void hashedNGramsAreCountedByBucket() {
    HashedNGrams step = hashed(1 << 18);
    Map<Integer, Integer> counts = new TreeMap<>();
    for (String nGram : List.of("not", "not so", "so", "so good", "good", "good so", "so")) {
      counts.merge(Objects.requireNonNull(new Hashing(1 << 18).value(nGram)), 1, Integer::sum);
    }
    WeightedIndices value = value(step, "Not so GOOD, so");
    assertThat(value.indices())
        .containsExactly(counts.keySet().stream().mapToInt(Integer::intValue).toArray());
    double length = Math.sqrt(counts.values().stream().mapToInt(count -> count * count).sum());
    int at = 0;
    for (int count : counts.values()) {
      assertThat(value.weights()[at++]).isEqualTo((float) (count / length));
    }
    assertThat(counts).hasSize(6);
    assertThat(value(hashed(2), "a b c d e f").indices()).containsExactly(0, 1);
    assertThat(value(step, "").indices()).isEmpty();
    assertThat(step.value(null)).isNull();
    assertThat(step.fit(Kind.TEXT).scans()).isFalse();
    assertThat(step.categories()).isEmpty();
    assertThat(step.cardinality()).isEqualTo(1 << 18);
  }

  private static NormaliseSettings settings(Step... steps) {
    return new NormaliseSettings(
        LabelSettings.ofClass("y"),
        List.of(
            new GroupSettings("text", List.of("note"), List.of(steps)),
            new GroupSettings("buckets", List.of("note"), List.of(hashed(1000))),
            new GroupSettings(null, List.of("n"), List.of(new Standardise()))));
  }

  @Test
  void featuresAreTheSameForAnyPartitionsAndInJavaAndComeBackFromJson(
      @TempDir java.nio.file.Path directory) {
    List<String> texts = Notes.texts();
    NormaliseSettings settings =
        settings(
            new TfIdf(
                Terms.WORDS, true, Punctuation.KEEP, Chinese.WORDS, List.of(1, 2), 2, 40, false));
    FittedPreprocessing first = Notes.fit(Notes.table(texts, 1), settings);
    assertThat(Json.read(Json.write(first), FittedPreprocessing.class, "x")).isEqualTo(first);
    TensorSpec text = first.schema().inputs().get(0);
    assertThat(text.isSeries() && text.isWeighted()).isTrue();
    assertThat(text.cardinalities()).containsExactly(40);
    assertThat(text.categories().get(0)).hasSize(40).contains("one", "我 爱", "é");
    assertThat(first.schema().inputs().get(1))
        .isEqualTo(
            TensorSpec.of(
                "buckets",
                Element.WEIGHTED_INDEX,
                List.of(-1),
                List.of(),
                List.of(1000),
                List.of(List.of())));
    String digest = digest(first, Notes.table(texts, 1), directory.resolve("1").toString());
    for (int partitions : new int[] {2, 7}) {
      FittedPreprocessing fitted = Notes.fit(Notes.table(texts, partitions), settings);
      assertThat(fitted).isEqualTo(first);
      assertThat(
              digest(
                  fitted,
                  Notes.table(texts, partitions),
                  directory.resolve("" + partitions).toString()))
          .isEqualTo(digest);
    }
    List<Row> features =
        LocalSpark.session()
            .read()
            .parquet(directory.resolve("7").toString())
            .orderBy("key")
            .collectAsList();
    assertThat(features).hasSize(80);
    for (int i = 0; i < 80; i++) {
      Features java =
          (Features) first.apply(RawRecord.of(Map.of("note", texts.get(i), "n", i % 5)));
      for (String group : List.of("text", "buckets")) {
        WeightedIndices spark =
            WeightedColumns.value(features.get(i).getStruct(features.get(i).fieldIndex(group)));
        assertThat(java.indices().get(group)).containsExactly(spark.indices());
        assertThat(java.floats().get(group)).containsExactly(spark.weights());
      }
      assertThat(java.floats()).containsOnlyKeys("text", "buckets", "n");
    }
  }

  /** Of the features as they are stored. */
  private static String digest(FittedPreprocessing fitted, Dataset<Row> rows, String path) {
    Normalise.apply(fitted, rows).accepted().write().parquet(path);
    Dataset<Row> features = LocalSpark.session().read().parquet(path);
    assertThat(features.select("text").schema().simpleString())
        .isEqualTo("struct<text:struct<indices:array<int>,weights:array<float>>>");
    return Digest.of(features, "key");
  }

  @Test
  void aMissingTextIsFilledOrNamed() {
    List<@Nullable String> texts = new ArrayList<>(List.of("a b", "a", "b c"));
    texts.add(null);
    assertThatThrownBy(() -> Notes.fit(Notes.table(texts, 2), settings(SINGLE)))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .contains(
                        "group text, column note: missing on 1 of 4 train rows, and no impute step fills it;"
                            + " add impute-mode or impute-constant to its steps, or a reject-missing rule"));
    FittedPreprocessing fitted =
        Normalise.fit(
            Notes.table(texts, 2),
            Notes.CONTRACT,
            new NormaliseSettings(
                LabelSettings.ofClass("y"),
                List.of(
                    new GroupSettings(
                        "text", List.of("note"), List.of(new ImputeConstant(""), SINGLE)))));
    Row last =
        Normalise.apply(fitted, Notes.table(texts, 2))
            .accepted()
            .orderBy("key")
            .collectAsList()
            .get(3);
    assertThat(last.getStruct(last.fieldIndex("text")).getList(0)).isEmpty();
  }

  @Test
  void isTheOnlyColumnOfItsGroupAndTheLastStep() {
    NormaliseSettings both =
        new NormaliseSettings(
            LabelSettings.ofClass("y"),
            List.of(new GroupSettings("both", List.of("note", "y"), List.of(SINGLE))));
    DatasetContract contract = Notes.CONTRACT;
    assertThat(both.problems(contract))
        .contains(
            "normalise.features[0]: group both: column note becomes a series, which must be the only"
                + " column of its group; make a group for each column");
    assertThat(settings(SINGLE).series(contract))
        .isEqualTo(Map.of("text", Element.WEIGHTED_INDEX, "buckets", Element.WEIGHTED_INDEX));
    assertThat(StepChain.of(FieldType.STRING, List.of(SINGLE, new Standardise())).problem())
        .isEqualTo(
            "standardise takes numbers or number vectors, got series of weighted indices from tf-idf");
    assertThat(StepChain.of(FieldType.DOUBLE, List.of(hashed(9))).problem())
        .isEqualTo("hashed-n-grams takes text, got numbers from double");
  }

  @Test
  void isSavedAsItsCounts() {
    FittedColumn column =
        new FittedColumn(
            "t", FieldType.STRING, Kind.TEXT, List.of(fit(SINGLE, List.of("b a", "b"))));
    assertThat(Json.write(column))
        .isEqualTo(
            """
            {
              "column" : "t",
              "type" : "STRING",
              "entry" : "TEXT",
              "steps" : [ {
                "type" : "tf-idf-vector",
                "tokeniser" : {
                  "of" : "WORDS",
                  "lowerCase" : true,
                  "punctuation" : "DROP",
                  "chinese" : "CHARACTERS",
                  "lengths" : [ 1, 1 ]
                },
                "sublinear" : false,
                "frequencies" : {
                  "rows" : 2,
                  "nGrams" : [ "b", "a" ],
                  "counts" : [ 2, 1 ]
                }
              } ]
            }
            """);
    assertThat(Json.read(Json.write(column), FittedColumn.class, "x")).isEqualTo(column);
    FittedColumn buckets =
        new FittedColumn("t", FieldType.STRING, Kind.TEXT, List.of(hashed(1000)));
    assertThat(Json.read(Json.write(buckets), FittedColumn.class, "x")).isEqualTo(buckets);
    assertThat(new NGrams(Terms.WORDS, true, Punctuation.DROP, Chinese.CHARACTERS, List.of(1, 1)))
        .isEqualTo(((TfIdfVector) column.steps().get(0)).tokeniser());
  }
}
