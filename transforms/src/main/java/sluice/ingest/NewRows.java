package sluice.ingest;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * Rows to be scored. Of their files only the columns that are needed must be there, with their
 * types, in any order where columns have names. All others are handed on: as the text that they
 * have in CSV and JSON, as they are in Parquet. Lazy, like {@link Ingested}.
 *
 * @param rows {@link DatasetContract#SOURCE}, {@link #POSITION}, {@link #RECORD} and the columns
 * @param quarantined as in {@link Ingested#quarantined}
 * @param columns of the files and their folders, in their order, but for {@code reserved}
 * @param reserved columns of the files that are not handed on, since their names are blank or begin
 *     with an underscore
 * @param notes what a user should know of the files
 */
public record NewRows(
    Dataset<Row> rows,
    Dataset<Row> quarantined,
    List<String> columns,
    List<String> reserved,
    List<String> notes) {
  /**
   * The place of a record in its file, from 1: the line that it begins in for CSV, otherwise its
   * number among the records.
   */
  public static final String POSITION = "_position";

  /** The text of a record of CSV and JSON; null of other formats. */
  public static final String RECORD = "_record";

  public NewRows {
    columns = List.copyOf(columns);
    reserved = List.copyOf(reserved);
    notes = List.copyOf(notes);
  }

  /**
   * Reads files. Their folders give columns as in {@link Ingest#read}.
   *
   * @param settings how they are stored; their schema has the columns that are needed, with types
   * @param declared the columns of the rows that the network was trained with, in the order that
   *     CSV without a header has
   * @param label those of them that only the label is made of: CSV without a header may lack them,
   *     if they are not needed
   * @param keep the columns to hand on; null for all
   * @throws InvalidInput (data) if a needed column or one to keep is not there (of JSON, if no
   *     needed column is), or the files are not what they should be; (configuration) if a column
   *     that is handed on is called as {@code settings.sourceColumn}
   */
  public static NewRows read(
      SparkSession spark,
      IngestSettings settings,
      DatasetContract declared,
      Set<String> label,
      @Nullable List<String> keep) {
    DeclaredColumns columns =
        new DeclaredColumns(declared.names(), label).needing(settings.contract());
    OpenedSource source = OpenedSource.of(spark, settings, columns);
    NewFiles files = new NewFiles(spark, settings, source, declared, keep);
    NewRows read =
        switch (settings.format()) {
          case "csv" -> NewCsv.read(files, columns);
          case "json" -> NewJson.read(files);
          case "parquet" -> NewParquet.read(files);
          default -> idx(files);
        };
    Dataset<Row> rows = read.rows();
    @Nullable String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null) {
      if (read.columns().contains(sourceColumn)) {
        throw InvalidInput.configuration(
            ("ingest.source-column is %s, the name of a column that %s has too: give it another"
                    + " name, or leave that column out of predict.keep")
                .formatted(sourceColumn, settings.where()));
      }
      rows = source.withNames(rows, sourceColumn);
    }
    return new NewRows(
        rows,
        source.withDamaged(read.quarantined()),
        read.columns(),
        read.reserved(),
        read.notes());
  }

  private static NewRows idx(NewFiles files) {
    List<String> names = files.needed().names();
    files.requireKept(names);
    RawTable table =
        files
            .folders()
            .read(
                files.needed(),
                files.heads(),
                (group, given) ->
                    Idx.read(
                        files.spark(),
                        files.settings().withoutColumns(given),
                        List.copyOf(group.keySet())));
    return files.rows(table, names);
  }
}
