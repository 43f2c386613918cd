package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.testing.LocalSpark;

/** What every source has of {@link Ingest} and {@link NewRows}, be it files or not. */
class SourceTest {
  private static final DatasetContract NUMBERS =
      new DatasetContract(
          List.of(new Field("n", FieldType.INT), new Field("word", FieldType.STRING)));

  /** Numbers in words; what is none is malformed. */
  private record Numbers(List<String> texts) implements Source {
    @Override
    public Optional<DatasetContract> columns() {
      return Optional.of(NUMBERS);
    }

    @Override
    public List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
      return List.of();
    }

    @Override
    public List<String> problems(DatasetContract columns) {
      return columns.names().stream()
          .filter(name -> !NUMBERS.has(name))
          .map(name -> "numbers have no column " + name)
          .toList();
    }

    @Override
    public String where(IngestSettings settings) {
      return "numbers";
    }

    @Override
    public boolean hasPositions() {
      return true;
    }

    @Override
    public Optional<String> hint(IngestSettings settings, String record, String reason) {
      return Optional.of("digits are meant");
    }

    @Override
    public Map<String, String> fingerprints(SparkSession spark, IngestSettings settings) {
      return Map.of("source", texts.toString());
    }

    @Override
    public SourceRows read(SparkSession spark, IngestSettings settings) {
      List<Row> rows = new ArrayList<>();
      List<Row> malformed = new ArrayList<>();
      for (long i = 0; i < texts.size(); i++) {
        String text = texts.get((int) i);
        if (text.matches("[0-9]+")) {
          rows.add(RowFactory.create("numbers", i + 1, Integer.valueOf(text), "a" + text));
        } else {
          malformed.add(RowFactory.create("numbers", i + 1, text, "n: no number"));
        }
      }
      Dataset<Row> read =
          spark.createDataFrame(
              rows, StructType.fromDDL("_source string, _position bigint, n int, word string"));
      return new SourceRows(
          read,
          spark.createDataFrame(malformed, SourceRows.QUARANTINED),
          () -> List.of("a note"),
          () -> {
            throw InvalidInput.data("numbers: gone");
          },
          columns -> List.of());
    }
  }

  /** Words on pages, which it gives as the column {@code page}. */
  private record Pages(boolean hasPositions) implements Source {
    @Override
    public List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
      return List.of();
    }

    @Override
    public String where(IngestSettings settings) {
      return "a book";
    }

    @Override
    public Map<String, String> fingerprints(SparkSession spark, IngestSettings settings) {
      return Map.of("source", "a book");
    }

    @Override
    public SourceRows read(SparkSession spark, IngestSettings settings) {
      return SourceRows.of(
          spark.createDataFrame(
              List.of(
                  RowFactory.create("a book", "cat", "page 1"),
                  RowFactory.create("a book", "dog", "page 2")),
              StructType.fromDDL("_source string, word string, page string")));
    }
  }

  private static IngestSettings pages(boolean hasPositions) {
    return new IngestSettings(
        new Pages(hasPositions), null, Map.of(), "word STRING", 0, null, "page");
  }

  private static NewRows toScore(IngestSettings settings) {
    return NewRows.read(
        LocalSpark.session(), new NewRowsRequest(settings, settings.contract(), Set.of(), null));
  }

  private static IngestSettings settings(
      @Nullable String schema, @Nullable String key, String... texts) {
    return new IngestSettings(
        new Numbers(List.of(texts)), null, Map.of(), schema, 0.5, key, "from");
  }

  @Test
  void rowsHaveKeysAndWhatIsMalformedIsCountedAndExplained() {
    Ingested ingested = Ingest.read(LocalSpark.session(), settings(null, "n", "3", "three", "4"));
    assertThat(ingested.rows().columns()).containsExactly("_key", "_source", "n", "word", "from");
    assertThat(ingested.rows().select("n", "word", "from").collectAsList())
        .containsExactly(
            RowFactory.create(3, "a3", "numbers"), RowFactory.create(4, "a4", "numbers"));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(2, 1));
    assertThat(ingested.reasons(ingested.quarantined(), 3))
        .containsExactly("numbers:2: n: no number; digits are meant");
    assertThat(ingested.notes()).containsExactly("a note");
    assertThatThrownBy(ingested::requireFiles).hasMessage("numbers: gone");
  }

  @Test
  void tooManyMalformedRecordsAndAKeyThatIsThereTwice() {
    Ingested malformed = Ingest.read(LocalSpark.session(), settings(null, null, "3", "x", "y"));
    assertThatThrownBy(() -> malformed.check(malformed.rows(), malformed.quarantined()))
        .hasMessageStartingWith(
            "numbers: at most a share of 0.5 of the records may be malformed (ingest.max-quarantined),"
                + " got 0.6667: 2 of 3\n");
    Ingested twice = Ingest.read(LocalSpark.session(), settings(null, "n", "3", "3"));
    assertThatThrownBy(() -> twice.check(twice.rows(), twice.quarantined()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("n");
  }

  @Test
  void aSourceSaysWhichColumnsItHas() {
    assertThat(settings("word STRING", null).contract().names()).containsExactly("word");
    assertThatThrownBy(() -> settings("n INT, colour STRING", null))
        .hasMessage("schema: numbers have no column colour");
    assertThatThrownBy(
            () -> new IngestSettings(new CsvSource(), null, Map.of(), null, 0, null, null))
        .hasMessage("path must be given\nschema must be given");
  }

  @Test
  void ofRowsToScoreTheNeededColumnsAreReadAndThoseToKeep() {
    IngestSettings needed = settings("n INT", null, "7", "x");
    NewRows read =
        NewRows.read(
            LocalSpark.session(), new NewRowsRequest(needed, NUMBERS, Set.of(), List.of("word")));
    assertThat(read.columns()).containsExactly("word");
    assertThat(read.rows().columns())
        .containsExactly("_source", "_position", "_record", "n", "word", "from");
    assertThat(read.rows().drop("_record").collectAsList())
        .containsExactly(RowFactory.create("numbers", 1L, 7, "a7", "numbers"));
    assertThat(read.quarantined().count()).isEqualTo(1);
    NewRows all =
        NewRows.read(LocalSpark.session(), new NewRowsRequest(needed, NUMBERS, Set.of(), null));
    assertThat(all.columns()).containsExactly("n");
    assertThatThrownBy(
            () ->
                NewRows.read(
                    LocalSpark.session(),
                    new NewRowsRequest(needed, NUMBERS, Set.of(), List.of("hue"))))
        .hasMessage("numbers: predict.keep: no column hue, there are [n]");
  }

  @Test
  void theSourceColumnOfASourceIsTheSameForTrainingAndForScoring() {
    Row[] words = {RowFactory.create("cat", "page 1"), RowFactory.create("dog", "page 2")};
    assertThat(
            Ingest.read(LocalSpark.session(), pages(false))
                .rows()
                .select("word", "page")
                .collectAsList())
        .containsExactly(words);
    NewRows scored = toScore(pages(false));
    assertThat(scored.columns()).containsExactly("word");
    assertThat(scored.rows().select("word", "page").collectAsList()).containsExactly(words);
  }

  @Test
  void rowsToScoreWithoutPositionsHaveNone() {
    assertThat(toScore(pages(false)).rows().select("_position", "word").collectAsList())
        .containsExactly(RowFactory.create(null, "cat"), RowFactory.create(null, "dog"));
    assertThatThrownBy(() -> toScore(pages(true)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "a book: rows must have the column _position, as the source says, got [_source, word,"
                + " page]");
  }
}
