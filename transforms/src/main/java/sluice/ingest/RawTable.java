package sluice.ingest;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a format's reader makes of a source.
 *
 * @param rows the declared columns and {@code _source}
 * @param quarantined the columns of {@link SourceRows#QUARANTINED}
 * @param notes what a user should know of what was read; asked for once the tables were computed
 */
record RawTable(Dataset<Row> rows, Dataset<Row> quarantined, Supplier<List<String>> notes) {
  RawTable(Dataset<Row> rows, Dataset<Row> quarantined) {
    this(rows, quarantined, List::of);
  }

  /** The same with other rows. */
  RawTable with(Dataset<Row> otherRows) {
    return new RawTable(otherRows, quarantined, notes);
  }

  /** The same with notes. */
  RawTable with(Supplier<List<String>> ownNotes) {
    return new RawTable(rows, quarantined, ownNotes);
  }

  /** One table of several, one at least; a column that one lacks is null in its rows. */
  static RawTable union(List<RawTable> tables) {
    return tables.stream()
        .reduce(
            (one, other) ->
                new RawTable(
                    one.rows().unionByName(other.rows(), true),
                    one.quarantined().unionByName(other.quarantined()),
                    () -> both(one.notes().get(), other.notes().get())))
        .orElseThrow();
  }

  static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
