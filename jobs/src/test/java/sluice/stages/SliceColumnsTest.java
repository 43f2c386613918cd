package sluice.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.data.Columns;
import sluice.testing.LocalSpark;

final class SliceColumnsTest {
  private static final String NAME = "a `text`.1";

  private static Dataset<Row> texts(Stream<String> texts) {
    return LocalSpark.session()
        .createDataFrame(
            Stream.concat(
                    Stream.of(RowFactory.create(1, null)), texts.map(t -> RowFactory.create(0, t)))
                .toList(),
            StructType.fromDDL("n int, `a ``text``.1` string"));
  }

  private static List<String> quarters(Dataset<Row> rows, List<Long> quartiles) {
    return rows.select(SliceColumns.quarter(Columns.named(NAME), quartiles))
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void textsAreToldApartByTheQuartersOfTheTrainRows() {
    Dataset<Row> train = texts(IntStream.rangeClosed(1, 8).mapToObj("满"::repeat));
    Map<String, List<Long>> quartiles = SliceColumns.quartiles(train, List.of(NAME));
    assertThat(quartiles).containsExactly(Map.entry(NAME, List.of(2L, 4L, 6L)));
    assertThat(
            quarters(
                texts(Stream.of("", "ab", "abc", "\uD83D\uDE00".repeat(6), "y".repeat(2000))),
                List.of(2L, 4L, 6L)))
        .containsExactly(
            null,
            "quarter 1: up to 2 characters",
            "quarter 1: up to 2 characters",
            "quarter 2: up to 4 characters",
            "quarter 3: up to 6 characters",
            "quarter 4: more than 6 characters");
  }

  @Test
  void textsAreToldApartByTheirLanguage() {
    assertThat(
            texts(
                    Stream.of(
                        "This is a plain sentence about the weather of today, and not a short one.",
                        "这部电影非常好看，演员的表演也很精彩，我和家人都很喜欢，推荐大家去电影院观看。",
                        "ok",
                        "123 \uD83D\uDE00"))
                .select(SliceColumns.language(Columns.named(NAME)))
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactly(null, "eng", "cmn", "not sure", "no letters");
  }

  @Test
  void equalQuartilesLeaveQuartersEmpty() {
    assertThat(quarters(texts(Stream.of("ab", "abc")), List.of(2L, 2L, 2L)))
        .containsExactly(
            null, "quarter 1: up to 2 characters", "quarter 4: more than 2 characters");
  }

  @Test
  void withoutATextNoLengthIsKnown() {
    assertThat(SliceColumns.quartiles(texts(Stream.of()), List.of(NAME)))
        .containsExactly(Map.entry(NAME, List.of(0L, 0L, 0L)));
    assertThat(SliceColumns.quartiles(texts(Stream.of()), List.of())).isEmpty();
  }
}
