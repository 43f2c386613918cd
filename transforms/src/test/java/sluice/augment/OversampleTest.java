package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.data.InvalidInput;

class OversampleTest {

  /** The rows of each class after adding; the parts of a list stand between bars. */
  @ParameterizedTest
  @CsvSource({
    "minority, 1.0, 40, 15, 40",
    "minority, 0.5, 40, 15, 20",
    "minority, 0.1, 40, 15, 7",
    "all, 1.0, 40, 40, 40",
    "all, 0.33, 40, 15, 13",
    "all, 2.0, 80, 80, 80",
    "maybe, 1.0, 40, 40, 7",
    "1, 0.99, 40, 40, 7",
    "yes|maybe, 0.625, 40, 25, 25",
    "2|yes, 0.2, 40, 15, 8"
  })
  void growsToExactCounts(String classes, double ratio, long no, long maybe, long yes) {
    List<Row> rows = Features.rows(5, 40, 15, 7);
    List<Row> added =
        Features.added(
            Features.train(rows), 3, new Oversample(List.of(classes.split("\\|")), ratio));

    Map<Integer, Long> counts = new TreeMap<>(Map.of(0, 40L, 1, 15L, 2, 7L));
    Map<String, Integer> copies = new HashMap<>();
    for (Row row : added) {
      counts.merge(row.getInt(2), 1L, Long::sum);
      int copy = copies.merge(Features.sourceKey(row), 1, Integer::sum);
      assertThat(row.getInt(7)).isEqualTo(copy);
      assertThat(Features.key(row)).isEqualTo("%s%08x".formatted(Features.sourceKey(row), copy));
      Row source = Features.source(rows, row);
      for (int column = 1; column < 6; column++) {
        assertThat(row.get(column)).isEqualTo(source.get(column));
      }
    }
    assertThat(counts).isEqualTo(Map.of(0, no, 1, maybe, 2, yes));
    // Within a class no row is copied more than once more often than another.
    Map<Integer, Long> before = Map.of(0, 40L, 1, 15L, 2, 7L);
    for (Row row : rows) {
      int label = row.getInt(2);
      long more = counts.getOrDefault(label, 0L) - before.getOrDefault(label, 0L);
      long each = more / before.getOrDefault(label, 1L);
      assertThat((long) copies.getOrDefault(Features.key(row), 0)).isBetween(each, each + 1);
    }
  }

  @Test
  void ofEquallySmallClassesTheFirstIsTheMinority() {
    List<Row> added =
        Features.added(
            Features.train(Features.rows(5, 9, 4, 4)), 3, new Oversample(List.of("minority"), 1));
    assertThat(added).hasSize(5).allMatch(row -> row.getInt(2) == 1);
  }

  @Test
  void aClassWithoutRowsIsNoMinority() {
    List<Row> added =
        Features.added(
            Features.train(Features.rows(5, 9, 0, 4)), 3, new Oversample(List.of("minority"), 1));
    assertThat(added).hasSize(5).allMatch(row -> row.getInt(2) == 2);
  }

  @Test
  void oneClassAloneDoesNotGrow() {
    assertThat(
            Features.added(
                Features.train(Features.rows(5, 9)), 3, new Oversample(List.of("minority"), 1)))
        .isEmpty();
  }

  @Test
  void namesClassesThatAreNotThere() {
    assertThatThrownBy(
            () ->
                Features.added(
                    Features.train(Features.rows(5, 9, 4)),
                    3,
                    new Oversample(List.of("perhaps", "yes", "no"), 1)))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA))
        .hasMessage(
            """
            augment.steps[0]: oversample knows no class perhaps, there are [no, maybe, yes]
            augment.steps[0]: oversample cannot add to class yes, which has no train rows""");
  }
}
