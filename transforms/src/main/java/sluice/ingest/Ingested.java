package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;

/**
 * A source as it was read; both tables are lazy, and together they are all its records. Of text,
 * the rows are best computed first: what is quarantined then takes a second look only at the pieces
 * of files that hold some.
 *
 * @param settings what was asked for
 * @param read what the source gave; {@link SourceRows#quarantined} is what could not be read:
 *     {@code _source}, {@code _position} (the first line of the record, of Parquet its number, null
 *     if it is not known), {@code _record} (its text, of Parquet as JSON, null for a whole file)
 *     and {@code _reason}; where files are given for parts, {@code _part} too
 * @param rows {@link DatasetContract#KEY}, {@link DatasetContract#SOURCE}, {@link
 *     DatasetContract#PART} where files are given for parts, the declared columns, and that of the
 *     file's name where one is asked for
 */
public record Ingested(IngestSettings settings, SourceRows read, Dataset<Row> rows) {
  private static final int SHOWN_REASONS = 3;

  /**
   * How many records there were.
   *
   * @param rows those that were read
   * @param quarantined those that were not
   */
  public record Counts(long rows, long quarantined) {}

  /** What could not be read. */
  public Dataset<Row> quarantined() {
    return read.quarantined();
  }

  /**
   * What a user should know of the source: what was passed over, what folders say; once the tables
   * were computed also what was found in them, as encodings.
   */
  public List<String> notes() {
    return read.notes().get();
  }

  /** The declared columns. */
  public DatasetContract contract() {
    return settings.contract();
  }

  /**
   * Counts the records and checks what only a scan can tell. It is meant for the two tables once
   * they are written, so that they are computed once.
   *
   * @param rows {@link #rows}, or what was read back of them
   * @param quarantined {@link #quarantined}, or what was read back of them
   * @throws InvalidInput (data) if there is no row or too large a share of the records is
   *     quarantined, with the first reasons; if a named key does not identify the rows, or JSON
   *     records never name a declared column
   */
  public Counts check(Dataset<Row> rows, Dataset<Row> quarantined) {
    List<Column> values = new ArrayList<>();
    if (settings.format().namesColumnsInRecords()) {
      contract().names().forEach(name -> values.add(count(Columns.named(name))));
    }
    Row counted = rows.agg(count(lit(1)), values.toArray(Column[]::new)).first();
    Counts counts = new Counts(counted.getLong(0), quarantined.count());
    checkShare(counts, quarantined);
    if (counts.rows() == 0) {
      List<String> problems = new ArrayList<>();
      problems.add(
          "%s: no rows%s"
              .formatted(
                  settings.where(),
                  counts.quarantined() == 0
                      ? ""
                      : ", %d records are quarantined".formatted(counts.quarantined())));
      problems.addAll(reasons(quarantined, SHOWN_REASONS));
      throw InvalidInput.data(problems);
    }
    List<String> withoutValue = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (counted.getLong(i + 1) == 0) {
        withoutValue.add(contract().names().get(i));
      }
    }
    if (!withoutValue.isEmpty()) {
      List<String> absent = read.absent().apply(withoutValue);
      if (!absent.isEmpty()) {
        throw InvalidInput.data(
            absent.stream()
                .map(name -> "%s: column %s is in no record".formatted(settings.where(), name))
                .toList());
      }
    }
    if (settings.key() != null) {
      RowKey.requireUnique(
          rows.select(
              Columns.named(settings.key()).cast(DataTypes.StringType).as(DatasetContract.KEY)),
          settings.key());
    }
    return counts;
  }

  /**
   * Says so if a failure while the tables were computed comes from files that have vanished.
   *
   * @throws InvalidInput (data) naming them; nothing is done if all are there
   */
  public void requireFiles() {
    read.presence().require();
  }

  private void checkShare(Counts counts, Dataset<Row> quarantined) {
    long records = counts.rows() + counts.quarantined();
    double share = records == 0 ? 0 : (double) counts.quarantined() / records;
    if (share <= settings.maxQuarantined()) {
      return;
    }
    List<String> problems = new ArrayList<>();
    problems.add(
        "%s: at most a share of %s of the records may be malformed (ingest.max-quarantined), got %.4g: %d of %d"
            .formatted(
                settings.where(), settings.maxQuarantined(), share, counts.quarantined(), records));
    problems.addAll(reasons(quarantined, SHOWN_REASONS));
    throw InvalidInput.data(problems);
  }

  /**
   * Why the first records were not read, each with its place, and once the option that may be
   * meant.
   *
   * @param quarantined {@link #quarantined}, or what was read back of them
   * @param most how many are told at most
   */
  public List<String> reasons(Dataset<Row> quarantined, int most) {
    Set<String> hints = new HashSet<>();
    List<String> reasons = new ArrayList<>();
    quarantined
        .select("_source", "_position", "_record", "_reason")
        .orderBy(col("_source"), col("_position").asc_nulls_last(), col("_record"), col("_reason"))
        .limit(most)
        .collectAsList()
        .forEach(
            row ->
                reasons.add(
                    row.getString(0)
                        + (row.isNullAt(1) ? "" : ":" + row.getLong(1))
                        + ": "
                        + row.getString(3)
                        + hint(row).filter(hints::add).map(hint -> "; " + hint).orElse("")));
    return reasons;
  }

  private Optional<String> hint(Row quarantined) {
    return quarantined.isNullAt(2)
        ? Optional.empty()
        : settings.format().hint(settings, quarantined.getString(2), quarantined.getString(3));
  }
}
