package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.text.BytePairs;
import sluice.text.CharacterTokeniser;
import sluice.text.Chinese;
import sluice.text.PieceTokeniser;
import sluice.text.Punctuation;
import sluice.text.WordTokeniser;

/** Texts become series of indices. */
class TextStepsTest {
  private static final WordTokeniser TOKENISER =
      new WordTokeniser(true, Punctuation.KEEP, Chinese.CHARACTERS);

  private static Words words(long minCount, int most) {
    return new Words(true, Punctuation.KEEP, Chinese.CHARACTERS, minCount, most);
  }

  @Test
  void indicesGoFromTheMostFrequentWordOnAndUnknownOnesAreZero() {
    TokenSeries fitted =
        (TokenSeries)
            Fits.of(
                words(2, 100),
                Kind.TEXT,
                List.of("B a, c", "b, A!", "", "我b 我", "rare \uD83D\uDE00 \uFF21"));
    // All of two occurrences stand in the order of their code points.
    assertThat(fitted)
        .isEqualTo(new WordSeries(TOKENISER, new Vocabulary(List.of("b", ",", "a", "我"))));
    assertThat(fitted.value("A new b\u200B, 我")).containsExactly(3, 0, 1, 2, 4);
    assertThat(fitted.value(" ")).isEmpty();
    assertThat(fitted.value(null)).isNull();
    assertThat(fitted.cardinality()).isEqualTo(5);
    assertThat(fitted.categories()).containsExactly("(other)", "b", ",", "a", "我");
    assertThat(fitted.encoding()).isEqualTo(Element.INDEX);
    assertThat(fitted.gives()).isEqualTo(Kind.SERIES);
    assertThat(fitted.shape(List.of(1))).containsExactly(Axis.VARYING);
  }

  @Test
  void onlyTheMostFrequentAreKnown() {
    List<String> texts = List.of("d c b a", "d c b", "d");
    assertThat(Fits.of(words(1, 2), Kind.TEXT, texts))
        .isEqualTo(new WordSeries(TOKENISER, new Vocabulary(List.of("d", "b"))));
    assertThat(
            Fits.of(
                new Characters(false, 3, 2), Kind.TEXT, List.of("Aab ", "a\uD83D\uDE00a", "A A")))
        .isEqualTo(
            new CharacterSeries(new CharacterTokeniser(false), new Vocabulary(List.of("A", "a"))));
  }

  @Test
  void bytePairsAreLearnedFromPieces() {
    List<String> texts = List.of("low lower", "low", "LOW \u6211", "");
    BytePairSeries fitted =
        (BytePairSeries) Fits.of(new BytePairUnits(true, 9, 2), Kind.TEXT, texts, 2, new Random(1));
    // Of pairs of one count the first by their units: bytes before what was merged.
    assertThat(fitted.categories().subList(256, 259)).containsExactly(" l", "ow", " low");
    assertThat(fitted.cardinality()).isEqualTo(259);
    assertThat(fitted.value("LOWER e\u0301")).containsExactly(258, 101, 114, 32, 0xC3, 0xA9);
    assertThat(fitted.value(" ")).isEmpty();
    assertThat(fitted.value(null)).isNull();
    FittedColumn column = new FittedColumn("t", FieldType.STRING, Kind.TEXT, List.of(fitted));
    assertThat(Json.read(Json.write(column), FittedColumn.class, "x")).isEqualTo(column);
    assertThat(Fits.of(new BytePairUnits(true, 0, 1), Kind.TEXT, texts))
        .isEqualTo(new BytePairSeries(new PieceTokeniser(true), new BytePairs(List.of())));
    assertThatThrownBy(() -> new BytePairUnits(false, -1, 0))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "merges must be between 0 and 1000000, got -1",
                        "min-count must be at least 1, got 0"));
  }

  @Test
  void aVocabularyOfNothingIsRefused() {
    assertThatThrownBy(() -> Fits.of(words(2, 9), Kind.TEXT, List.of("a b", "c")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "column x: at least one token must occur 2 times or more in the train rows (min-count of its step), and none does");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> words(0, 0))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "min-count must be at least 1, got 0",
                        "max-words must be at least 1, got 0"));
    assertThatThrownBy(() -> new Characters(true, 1, -1))
        .hasMessage("max-characters must be at least 1, got -1");
    assertThatThrownBy(() -> new Vocabulary(List.of("a", "b", "a")))
        .hasMessage("vocabulary: tokens must be distinct, got a twice");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mergingIsCommutativeAndAssociative(long seed) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    Map<String, Long> counts = new TreeMap<>(CodePointOrder.INSTANCE);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(8); j > 0; j--) {
        String word = Integer.toString((int) Math.abs(random.nextGaussian() * 40), 36);
        text.append(word).append(' ');
        counts.merge(word, 1L, Long::sum);
      }
      texts.add(text.toString());
    }
    // The sort is stable: words of one count stay in the order of their code points.
    List<String> most =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= 3)
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(50)
            .map(Map.Entry::getKey)
            .toList();
    for (int parts : new int[] {1, 2, 7}) {
      Collections.shuffle(texts, random);
      assertThat(Fits.of(words(3, 50), Kind.TEXT, texts, parts, random))
          .isEqualTo(new WordSeries(TOKENISER, new Vocabulary(most)));
    }
  }

  private static NormaliseSettings settings(Step... steps) {
    return new NormaliseSettings(
        LabelSettings.ofClass("y"),
        List.of(
            new GroupSettings("text", List.of("note"), List.of(steps)),
            new GroupSettings(null, List.of("n"), List.of(new Standardise()))));
  }

  @Test
  void featuresAreTheSameForAnyPartitionsAndInJavaAndComeBackFromJson() {
    List<String> texts = Notes.texts();
    NormaliseSettings settings =
        settings(new Words(true, Punctuation.KEEP, Chinese.WORDS, 2, 50_000));
    FittedPreprocessing first = Notes.fit(Notes.table(texts, 1), settings);
    assertThat(Json.read(Json.write(first), FittedPreprocessing.class, "x")).isEqualTo(first);
    TensorSpec text = first.schema().inputs().get(0);
    assertThat(text.isSeries() && text.isIndex()).isTrue();
    assertThat(text.names()).isEmpty();
    assertThat(text.cardinalities()).containsExactly(text.categories().get(0).size());
    assertThat(text.categories().get(0))
        .startsWith("(other)")
        .contains("one", "two", "é", "\u05E9");
    List<Row> features = rows(Normalise.apply(first, Notes.table(texts, 1)).accepted());
    for (int partitions : new int[] {2, 7}) {
      FittedPreprocessing fitted = Notes.fit(Notes.table(texts, partitions), settings);
      assertThat(fitted).isEqualTo(first);
      assertThat(rows(Normalise.apply(fitted, Notes.table(texts, partitions)).accepted()))
          .isEqualTo(features);
    }
    assertThat(features).hasSize(80);
    for (int i = 0; i < 80; i++) {
      Features java =
          (Features) first.apply(RawRecord.of(Map.of("note", texts.get(i), "n", i % 5)));
      List<Integer> spark = features.get(i).getList(features.get(i).fieldIndex("text"));
      assertThat(java.indices().get("text"))
          .containsExactly(spark.stream().mapToInt(Integer::intValue).toArray());
      assertThat(java.floats()).containsOnlyKeys("n");
    }
    assertThat(features).anyMatch(row -> row.getList(row.fieldIndex("text")).isEmpty());
  }

  private static List<Row> rows(Dataset<Row> table) {
    return table.orderBy("key").collectAsList();
  }

  @Test
  void aMissingTextIsFilledOrNamed() {
    List<@Nullable String> texts = new ArrayList<>(List.of("a b", "a", "b c"));
    texts.add(null);
    assertThatThrownBy(() -> Notes.fit(Notes.table(texts, 1), settings(words(1, 9))))
        .hasMessage(
            "group text, column note: missing on 1 of 4 train rows, and no impute step fills it;"
                + " add impute-mode or impute-constant to its steps, or a reject-missing rule");
    FittedPreprocessing fitted =
        Notes.fit(Notes.table(texts, 1), settings(new ImputeConstant(""), words(1, 9)));
    Row last = rows(Normalise.apply(fitted, Notes.table(texts, 1)).accepted()).get(3);
    assertThat(last.getList(last.fieldIndex("text"))).isEmpty();
    FittedPreprocessing without =
        Notes.fit(Notes.table(List.of("a b", "a"), 1), settings(words(1, 9)));
    assertThat(without.apply(RawRecord.of(withoutText())))
        .isEqualTo(new Rejected("note is missing and has no impute step"));
    assertThat(
            Normalise.apply(without, Notes.table(texts, 1))
                .rejected()
                .select("_reason")
                .collectAsList())
        .containsExactly(RowFactory.create("note is missing and has no impute step"));
  }

  private static Map<String, @Nullable Object> withoutText() {
    Map<String, @Nullable Object> values = new TreeMap<>();
    values.put("note", null);
    values.put("n", 1);
    return values;
  }

  @Test
  void aSeriesIsTheOnlyColumnOfItsGroup() {
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.ofClass("y"),
            List.of(new GroupSettings("both", List.of("note", "n"), List.of(words(1, 9)))));
    DatasetContract contract = Notes.CONTRACT;
    assertThat(settings.problems(contract))
        .containsExactly(
            "normalise.features[0]: group both: column note becomes a series, which must be the only"
                + " column of its group; make a group for each column",
            "normalise.features[0]: group both: column n becomes a series, which must be the only"
                + " column of its group; make a group for each column");
    assertThat(settings(words(1, 9)).series(contract)).isEqualTo(Map.of("text", Element.INDEX));
    FittedColumn column =
        new FittedColumn(
            "note",
            FieldType.STRING,
            Kind.TEXT,
            List.of(new WordSeries(TOKENISER, new Vocabulary(List.of("a")))));
    assertThatThrownBy(() -> new FittedGroup("both", List.of(column, column)))
        .hasMessage("group both: a series must be the only column of its group, got 2 columns");
    assertThat(new FittedGroup("text", List.of(column)).width()).isEqualTo(1);
    assertThat(new FittedGroup("text", List.of(column)).named()).isZero();
  }

  @Test
  void nothingOfTheHouseFollowsASeries() {
    assertThat(StepChain.of(FieldType.STRING, List.of(words(1, 9), new Standardise())).problem())
        .isEqualTo("standardise takes numbers or number vectors, got series of indices from words");
    assertThat(StepChain.of(FieldType.DOUBLE, List.of(words(1, 9))).problem())
        .isEqualTo("words takes text, got numbers from double");
  }

  @Test
  void isSavedAsTheWordsInTheirOrder() {
    assertThat(
            Json.write(
                new FittedColumn(
                    "t",
                    FieldType.STRING,
                    Kind.TEXT,
                    List.of(new WordSeries(TOKENISER, new Vocabulary(List.of("b", "a")))))))
        .isEqualTo(
            """
            {
              "column" : "t",
              "type" : "STRING",
              "entry" : "TEXT",
              "steps" : [ {
                "type" : "word-series",
                "tokeniser" : {
                  "lowerCase" : true,
                  "punctuation" : "KEEP",
                  "chinese" : "CHARACTERS"
                },
                "vocabulary" : [ "b", "a" ]
              } ]
            }
            """);
    assertThatThrownBy(() -> Json.read("[ \"a\", \"a\" ]", Vocabulary.class, "x.json"))
        .hasMessage("x.json: not readable: vocabulary: tokens must be distinct, got a twice");
  }
}
