package sluice.ingest;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * A source that is files of one format, below {@code path}. Files are listed and looked at, each
 * once, before any record of them is read; compressed files are read once to their end. A further
 * format is added in this package.
 */
sealed interface FileSource extends Source
    permits CsvSource, IdxSource, JsonSource, ParquetSource, TextSource {
  /** Options that would change which records are malformed, or make them vanish. */
  Set<String> FIXED_OPTIONS =
      Set.of(
          "mode",
          "columnnameofcorruptrecord",
          "columnpruning",
          "enforceschema",
          "inferschema",
          "ignorecorruptfiles",
          "ignoremissingfiles",
          "mergeschema",
          "path",
          "schema",
          "wholetext");

  /** Options by which Spark would list files. */
  Set<String> LISTING_OPTIONS =
      Set.of(
          "basepath", "modifiedafter", "modifiedbefore", "pathglobfilter", "recursivefilelookup");

  /** How many files a message names at most. */
  int SHOWN_FILES = 10;

  /** What is known of a file before its records are read; it is opened only for this. */
  FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop);

  /**
   * The columns that a file has, as its head tells.
   *
   * @param inFolders the declared columns that its folders have values for
   */
  default List<String> columns(
      FileHead head, IngestSettings settings, DeclaredColumns declared, Set<String> inFolders) {
    return head.columns();
  }

  /** The table of the files, of which there is one at least. */
  RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source);

  /** The table of files with rows to be scored. */
  NewRows newRows(NewFiles files, DeclaredColumns declared);

  /** Those of the columns, of which no row has a value, that no record names. */
  default List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    return List.of();
  }

  @Override
  default List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
    List<String> problems = new ArrayList<>();
    if (path == null) {
      problems.add("path must be given");
    }
    for (String option : new TreeMap<>(options).keySet()) {
      if (FIXED_OPTIONS.contains(option.toLowerCase(Locale.ROOT))) {
        problems.add("options.%s is not free: Sluice sets it".formatted(option));
      } else if (LISTING_OPTIONS.contains(option.toLowerCase(Locale.ROOT))) {
        problems.add(
            ("options.%s is not free: Sluice lists the files, those of sub-folders too;"
                    + " a pattern in path chooses among them")
                .formatted(option));
      } else if (holdsTexts()) {
        SparkOptions.unknown(Sources.TYPES.name(this), option).ifPresent(problems::add);
      }
    }
    if (holdsTexts()) {
      problems.addAll(SparkOptions.problems(Sources.TYPES.name(this), options));
    }
    return problems;
  }

  @Override
  default String where(IngestSettings settings) {
    return settings.paths().toString();
  }

  @Override
  default List<String> dateable(IngestSettings settings) {
    return settings.paths().all();
  }

  @Override
  default IngestSettings at(LocalDate date, IngestSettings settings) {
    return settings.withPaths(settings.paths().map(paths -> DatedPaths.at(date, paths)));
  }

  @Override
  default boolean hasPositions() {
    return true;
  }

  @Override
  default Map<String, String> fingerprints(SparkSession spark, IngestSettings settings) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    SourcePaths paths = settings.paths();
    Map<String, String> fingerprints = new LinkedHashMap<>();
    if (paths.byPart()) {
      paths
          .parts()
          .forEach(
              (part, own) ->
                  fingerprints.put("source " + part.text(), FileFingerprint.of(own, hadoop)));
    } else {
      fingerprints.put("source", FileFingerprint.of(paths.files(), hadoop));
    }
    return fingerprints;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInput (data) if a path leads to no file, all files are empty, a header or a
   *     Parquet schema differs from what was declared, JSON is over several lines without {@code
   *     options.multiLine}, an idx file is not what its header says or lacks its labels, a text is
   *     to have a label and lies in no folder, or a folder's name gives a column a value that is
   *     not of its type
   */
  @Override
  default SourceRows read(SparkSession spark, IngestSettings settings) {
    OpenedSource source =
        OpenedSource.of(
            spark, settings, this, new DeclaredColumns(settings.contract().names(), Set.of()));
    RawTable table =
        source.files().isEmpty()
            ? none(spark, settings.contract())
            : table(spark, settings, source);
    Dataset<Row> rows = table.rows();
    Dataset<Row> quarantined = source.withDamaged(table.quarantined());
    if (settings.paths().byPart()) {
      Map<String, String> parts = new HashMap<>();
      source.listed().parts().forEach((name, part) -> parts.put(name, part.text()));
      rows = OpenedSource.withText(rows, DatasetContract.PART, parts);
      quarantined = OpenedSource.withText(quarantined, DatasetContract.PART, parts);
    }
    List<SourceFile> files = List.copyOf(source.files().keySet());
    return new SourceRows(
        source.withNames(rows, settings.sourceColumn()),
        quarantined,
        source.notes(table),
        source.presence(spark),
        columns -> absent(spark, settings, files, columns));
  }

  private static RawTable none(SparkSession spark, DatasetContract contract) {
    StructType schema = StructType.fromDDL(contract.ddl());
    return new RawTable(
        spark.createDataFrame(List.<Row>of(), schema.add(DatasetContract.SOURCE, "string")),
        spark.createDataFrame(List.<Row>of(), SourceRows.QUARANTINED));
  }

  /**
   * {@inheritDoc} All other columns are handed on: as the text that they have in CSV and JSON, as
   * they are in Parquet. Folders give columns as in {@link #read}.
   *
   * @throws InvalidInput (data) if a needed column or one to keep is not there (of JSON, if no
   *     needed column is), or the files are not what they should be
   */
  @Override
  default NewRows readNew(SparkSession spark, NewRowsRequest wanted) {
    IngestSettings settings = wanted.settings();
    DeclaredColumns columns =
        new DeclaredColumns(wanted.declared().names(), wanted.label()).needing(wanted.needed());
    OpenedSource source = OpenedSource.of(spark, settings, this, columns);
    NewRows read =
        source.presence(spark).during(() -> newRows(new NewFiles(spark, wanted, source), columns));
    return read.with(
        source.withNames(read.rows(), settings.sourceColumn()),
        source.withDamaged(read.quarantined()));
  }
}
