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
 * @param files those that were read
 * @param notes what a user should know of the files: what was passed over, what their folders say
 * @param rows {@link DatasetContract#KEY}, {@link DatasetContract#SOURCE}, {@link
 *     DatasetContract#PART} where files are given for parts, the declared columns, and that of the
 *     file's name where one is asked for
 * @param quarantined what could not be read: {@code _source}, {@code _position} (the first line of
 *     the record, of Parquet its number, null if it is not known), {@code _record} (its text, of
 *     Parquet as JSON, null for a whole file) and {@code _reason}; where files are given for parts,
 *     {@code _part} too
 */
public record Ingested(
    IngestSettings settings,
    List<SourceFile> files,
    List<String> notes,
    Dataset<Row> rows,
    Dataset<Row> quarantined) {
  private static final int SHOWN_REASONS = 3;

  /**
   * How many records there were.
   *
   * @param rows those that were read
   * @param quarantined those that were not
   */
  public record Counts(long rows, long quarantined) {}

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
    boolean json = settings.format().equals("json");
    List<Column> values = new ArrayList<>();
    if (json) {
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
      List<String> absent = JsonFiles.absent(rows.sparkSession(), settings, files, withoutValue);
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
    SourceFiles.requireThere(files, rows.sparkSession().sessionState().newHadoopConf());
  }

  private void checkShare(Counts counts, Dataset<Row> quarantined) {
    long read = counts.rows() + counts.quarantined();
    double share = read == 0 ? 0 : (double) counts.quarantined() / read;
    if (share <= settings.maxQuarantined()) {
      return;
    }
    List<String> problems = new ArrayList<>();
    problems.add(
        "%s: at most a share of %s of the records may be malformed (max-quarantined), got %.4g: %d of %d"
            .formatted(
                settings.where(), settings.maxQuarantined(), share, counts.quarantined(), read));
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
        : Hints.of(settings, quarantined.getString(2), quarantined.getString(3));
  }
}
