package sluice.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.text.Shingles;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Decimal;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.testing.LocalSpark;

class NearDuplicatesTest {
  private static final DatasetContract CONTRACT =
      new DatasetContract(
          List.of(new Field("text", FieldType.STRING), new Field("n", FieldType.INT)));

  private static final String TEXT =
      "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";

  @Test
  void similarityIsTheShareOfCommonShingles() {
    // Twelve shingles; a word in the middle that is another breaks three.
    long[] text = Shingles.of(TEXT);
    assertThat(text).hasSize(12);
    assertThat(Shingles.similarity(text, Shingles.of(TEXT.toUpperCase(java.util.Locale.ROOT))))
        .isOne();
    assertThat(Shingles.similarity(text, Shingles.of(TEXT.replace("seven", "7"))))
        .isEqualTo(9 / 15.0);
    assertThat(Shingles.similarity(text, Shingles.of("other words than these"))).isZero();
    assertThat(Shingles.of("")).isEmpty();
    assertThat(Shingles.of("one two")).hasSize(1);
    assertThat(Shingles.of("\u4f60\u597d\u4e16\u754c")).hasSize(2);
    assertThat(Shingles.of("a b c a b c")).hasSize(3);
  }

  /** At 0.8, bands of five functions: of 10,000 pairs five or so are missed. */
  @ParameterizedTest
  @CsvSource({"0.5,64", "0.8,25", "0.9,16", "1,1"})
  void bandsMeetSimilarTexts(double similarity, int bands) {
    assertThat(Shingles.bands(Shingles.of(TEXT), similarity)).hasSize(bands);
    Random random = new Random(2);
    int missed = 0;
    for (int i = 0; i < 300; i++) {
      // Two sets of which exactly this share is common.
      int common = 180;
      int own = (int) Math.round(common * (1 - similarity) / similarity / 2);
      long[] all = random.longs(common + 2L * own).toArray();
      long[] one = random(all, 0, common + own);
      long[] other = random(all, own, common + 2 * own);
      long[] first = Shingles.bands(one, similarity);
      long[] second = Shingles.bands(other, similarity);
      boolean met = false;
      for (int k = 0; k < first.length; k++) {
        met |= first[k] == second[k];
      }
      missed += met ? 0 : 1;
    }
    assertThat(missed).isLessThanOrEqualTo(2);
  }

  private static long[] random(long[] all, int from, int to) {
    return java.util.Arrays.stream(all, from, to).sorted().toArray();
  }

  /** Also of more letters of one form than are compared with each other. */
  @Test
  void theLeastByKeyStays() {
    List<Row> rows =
        new ArrayList<>(
            List.of(
                row("k3", TEXT, 1),
                row("k2", TEXT + " more", 2),
                row("k1", "two words", 3),
                row("k4", "Two  words", 4),
                row("k5", null, 5),
                row("k6", null, 6),
                row("k7", " ", 7),
                row("k8", "", 8),
                row("k0", TEXT + " more", -1)));
    String near = "rules[1] drop-near-duplicates text: near duplicate of ";
    Map<String, String> expected = new TreeMap<>();
    expected.put("k0", "rules[0] reject-outside n: -1 is below 0");
    expected.put("k1", "two words");
    expected.put("k2", TEXT + " more");
    expected.put("k3", near + "k2, similarity 0.9231");
    expected.put("k4", near + "k1, similarity 1.0000");
    expected.put("k5", "null");
    expected.put("k6", "null");
    expected.put("k7", " ");
    expected.put("k8", "");
    String letter = "dear %s we are glad that you have written to us " + TEXT.replace(" t", " q");
    for (int i = 0; i < 250; i++) {
      String key = "m%03d".formatted(i);
      rows.add(row(key, letter.formatted("name" + i), 1));
      expected.put(key, i == 0 ? letter.formatted("name0") : near + "m000, similarity 0.8400");
    }
    assertThat(outcomes(rows, 2, 0.8)).isEqualTo(expected);
  }

  /** The same on any partitions and in any order, and as every pair compared with every other. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theResultIsThatOfAllPairs(int partitions) {
    Random random = new Random(9);
    List<Row> rows = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String[] words = new String[30];
      java.util.Arrays.setAll(words, k -> "w" + random.nextInt(1000));
      if (i % 3 > 0) {
        // One of those before, with a word changed.
        words = texts.get(random.nextInt(texts.size())).split(" ", -1);
        words[random.nextInt(words.length)] = "x" + random.nextInt(2);
      }
      texts.add(String.join(" ", words));
      rows.add(row("k%03d".formatted(i), texts.get(i), 1));
    }
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < texts.size(); i++) {
      String outcome = texts.get(i);
      for (int k = 0; k < i; k++) {
        double like = Shingles.similarity(Shingles.of(texts.get(i)), Shingles.of(texts.get(k)));
        if (like >= 0.7) {
          outcome =
              "rules[1] drop-near-duplicates text: near duplicate of k%03d, similarity %s"
                  .formatted(k, Decimal.rounded(like));
          break;
        }
      }
      expected.put("k%03d".formatted(i), outcome);
    }
    assertThat(expected.values())
        .filteredOn(outcome -> outcome.startsWith("rules"))
        .hasSizeBetween(60, 80);
    Collections.shuffle(rows, random);
    assertThat(outcomes(rows, partitions, 0.7)).isEqualTo(expected);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new DropNearDuplicates("text", 0.4))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("similarity must be between 0.5 and 1, got 0.4");
    assertThatThrownBy(() -> new Cleaning(CONTRACT, List.of(new DropNearDuplicates("n", 0.8))))
        .hasMessage("rules[0] drop-near-duplicates: column n must be a string, is int");
    assertThat(new DropNearDuplicates("text", 0.8).without("text")).isEmpty();
  }

  private static Row row(String key, @Nullable String text, int n) {
    return RowFactory.create(key, "source", text, n);
  }

  /** By key the rule and the reason of each row that is rejected; of any other its text. */
  private static Map<String, String> outcomes(List<Row> rows, int partitions, double similarity) {
    Dataset<Row> table =
        LocalSpark.session()
            .createDataFrame(
                rows, StructType.fromDDL("_key string, _source string, " + CONTRACT.ddl()))
            .repartition(partitions);
    AcceptedRejected split =
        new Cleaning(
                CONTRACT,
                List.of(
                    new RejectOutside("n", 0.0, null), new DropNearDuplicates("text", similarity)))
            .apply(table);
    Map<String, String> found = new TreeMap<>();
    rows.forEach(row -> found.put(row.getString(0), String.valueOf(row.get(2))));
    split
        .rejected()
        .collectAsList()
        .forEach(row -> found.put(row.getString(0), row.getString(2) + " " + row.getString(3)));
    return found;
  }
}
