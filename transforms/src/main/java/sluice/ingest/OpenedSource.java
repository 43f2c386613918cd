package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * A source whose files were looked at, each once, before any record of them is read: the way to the
 * rows that a network learns from and to those that are scored.
 *
 * @param listed all its files
 * @param files those to read, with what is known of them
 * @param damaged the others, as quarantined records
 * @param folders what the files' folders give to declared columns
 * @param notes what a user should know of the files
 */
record OpenedSource(
    ListedSource listed,
    Map<SourceFile, FileHead> files,
    List<Row> damaged,
    FolderColumns folders,
    List<String> notes) {
  /** Archives of many files, and compressions that nothing here decompresses. */
  private static final Pattern ARCHIVE =
      Pattern.compile(
          "(?is).*\\.((tar\\.)?(7z|br|lz|lz4|lzma|lzo|rar|xz|z|zip)"
              + "|tar(\\.(bz2?|deflate|gz|snappy|zst))?|tgz|tbz2?|txz|tzst)");

  /**
   * Lists the files of a source and looks at them.
   *
   * @param declared the columns that rows may have
   * @throws InvalidInput (data) if a path leads to no file, all files are empty, one is packed in a
   *     way that is not read, or has a {@link FileHead#problem}
   */
  static OpenedSource of(
      SparkSession spark, IngestSettings settings, FileSource source, DeclaredColumns declared) {
    ListedSource listed = ListedSource.of(settings.paths(), spark.sessionState().newHadoopConf());
    return presence(spark, listed.files())
        .during(() -> opened(spark, settings, source, declared, listed));
  }

  private static OpenedSource opened(
      SparkSession spark,
      IngestSettings settings,
      FileSource source,
      DeclaredColumns declared,
      ListedSource listed) {
    boolean text = source.holdsTexts();
    if (text) {
      requireReadable(listed.files());
    }
    List<Row> damaged = text ? DamagedFiles.compressed(spark, listed.files()) : List.of();
    Set<String> unreadable =
        damaged.stream().map(row -> row.getString(0)).collect(Collectors.toSet());
    Map<SourceFile, FileHead> files =
        FileHead.of(
            spark,
            settings,
            source,
            listed.files().stream().filter(file -> !unreadable.contains(file.named())).toList());
    FileHead.requireNoProblem(files);
    List<String> notes = new ArrayList<>(listed.notes());
    damaged.forEach(
        row ->
            notes.add(
                "in quarantine as a whole: %s: %s".formatted(row.getString(0), row.getString(3))));
    FolderColumns folders = FolderColumns.of(spark, settings, source, declared, files, notes);
    return new OpenedSource(listed, files, damaged, folders, notes);
  }

  /** Whether the files that are read are still there. */
  Presence presence(SparkSession spark) {
    return presence(spark, List.copyOf(files.keySet()));
  }

  private static Presence presence(SparkSession spark, List<SourceFile> files) {
    return () -> SourceFiles.requireThere(files, spark.sessionState().newHadoopConf());
  }

  /** What a user should know of the files, and of what was read of them. */
  Supplier<List<String>> notes(RawTable table) {
    return () -> RawTable.both(notes, table.notes().get());
  }

  /** Malformed records and the damaged files. */
  Dataset<Row> withDamaged(Dataset<Row> malformed) {
    return malformed.unionByName(
        malformed.sparkSession().createDataFrame(damaged, SourceRows.QUARANTINED));
  }

  /**
   * With a column of the names of the rows' files, as {@code ingest.source-column} asks for.
   *
   * @param column null for none
   */
  Dataset<Row> withNames(Dataset<Row> rows, @Nullable String column) {
    if (column == null) {
      return rows;
    }
    Map<String, String> names = new HashMap<>();
    files.keySet().forEach(file -> names.put(file.named(), file.name()));
    return withText(rows, column, names);
  }

  /** With what a file's name stands for. */
  static Dataset<Row> withText(Dataset<Row> rows, String column, Map<String, String> textByFile) {
    Map<String, String> texts = new HashMap<>(textByFile);
    UDF1<String, String> text = texts::get;
    return rows.withColumn(
        column, udf(text, DataTypes.StringType).apply(col(DatasetContract.SOURCE)));
  }

  private static void requireReadable(List<SourceFile> files) {
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
