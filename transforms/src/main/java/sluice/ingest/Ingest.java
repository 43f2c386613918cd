package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;

/** Reads files as typed rows with keys. */
public final class Ingest {
  /** Archives of many files, and compressions that nothing here decompresses. */
  private static final Pattern ARCHIVE =
      Pattern.compile(
          "(?is).*\\.((tar\\.)?(7z|br|lz|lz4|lzma|lzo|rar|xz|z|zip)"
              + "|tar(\\.(bz2?|deflate|gz|snappy|zst))?|tgz|tbz2?|txz|tzst)");

  private Ingest() {}

  /**
   * Reads a source. Files, headers, and the schemas of Parquet files are looked at here, and
   * compressed files are read once to their end; records are read when the tables are, and counted
   * by {@link Ingested#check}.
   *
   * @param spark has the settings of {@link sluice.data.SessionSettings}
   * @throws InvalidInput (data) if a path leads to no file, all files are empty, a header or a
   *     Parquet schema differs from what was declared, JSON is over several lines without {@code
   *     options.multiLine}, an idx file is not what its header says or lacks its labels, or a
   *     folder's name gives a column a value that is not of its type
   */
  public static Ingested read(SparkSession spark, IngestSettings settings) {
    ListedSource source = ListedSource.of(settings.path(), spark.sessionState().newHadoopConf());
    boolean text = settings.holdsTexts();
    if (text) {
      requireReadable(source.files());
    }
    List<Row> damaged = text ? DamagedFiles.compressed(spark, source.files()) : List.of();
    Set<String> unreadable =
        damaged.stream().map(row -> row.getString(0)).collect(Collectors.toSet());
    List<SourceFile> files =
        source.files().stream().filter(file -> !unreadable.contains(file.named())).toList();
    List<String> notes = new ArrayList<>(source.notes());
    damaged.forEach(
        row ->
            notes.add(
                "in quarantine as a whole: %s: %s".formatted(row.getString(0), row.getString(3))));
    RawTable table = new FolderColumns(spark, settings).read(files, notes);
    Dataset<Row> rows = table.rows();
    Dataset<Row> quarantined =
        table.quarantined().unionByName(spark.createDataFrame(damaged, RawTable.QUARANTINED));
    List<String> columns = settings.contract().names();
    List<String> selected = new ArrayList<>(List.of(DatasetContract.KEY, DatasetContract.SOURCE));
    if (settings.path().byPart()) {
      Map<String, String> parts = new HashMap<>();
      source.parts().forEach((name, part) -> parts.put(name, part.text()));
      rows = withText(rows, DatasetContract.PART, parts);
      quarantined = withText(quarantined, DatasetContract.PART, parts);
      selected.add(DatasetContract.PART);
    }
    selected.addAll(columns);
    String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null) {
      Map<String, String> names = new HashMap<>();
      source.files().forEach(file -> names.put(file.named(), file.name()));
      rows = withText(rows, sourceColumn, names);
      selected.add(sourceColumn);
    }
    Dataset<Row> keyed =
        settings.key() == null
            ? RowKey.byContent(rows, columns)
            : RowKey.byColumn(rows, settings.key());
    return new Ingested(settings, files, notes, keyed.select(Columns.named(selected)), quarantined);
  }

  /** The table of files that have all columns of the settings. */
  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    if (files.isEmpty()) {
      StructType schema = StructType.fromDDL(settings.contract().ddl());
      return new RawTable(
          spark.createDataFrame(List.<Row>of(), schema.add(DatasetContract.SOURCE, "string")),
          spark.createDataFrame(List.<Row>of(), RawTable.QUARANTINED));
    }
    return switch (settings.format()) {
      case "csv" -> Csv.read(spark, settings, files);
      case "idx" -> Idx.read(spark, settings, files);
      case "json" -> JsonFiles.read(spark, settings, files);
      case "parquet" -> Parquet.read(spark, settings, files);
      default -> throw new IllegalStateException(settings.format());
    };
  }

  /** With what a file's name stands for. */
  static Dataset<Row> withText(Dataset<Row> rows, String column, Map<String, String> textByFile) {
    Map<String, String> texts = new HashMap<>(textByFile);
    UDF1<String, String> text = texts::get;
    return rows.withColumn(
        column, udf(text, DataTypes.StringType).apply(col(DatasetContract.SOURCE)));
  }

  static void requireReadable(List<SourceFile> files) {
    List<String> problems =
        files.stream()
            .map(SourceFile::named)
            .filter(name -> ARCHIVE.matcher(name).matches())
            .map(
                name ->
                    name
                        + ": must be plain text, or compressed as .gz, .bz2, .zst, .deflate or .snappy")
            .toList();
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }
}
