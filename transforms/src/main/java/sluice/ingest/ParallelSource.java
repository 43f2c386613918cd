package sluice.ingest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.Require;

/**
 * Files of text of which a line belongs to the lines of the same number in others, as a sentence
 * and its translation: a row has a column of each file. A line of white space is a missing value;
 * where all are, there is no row. Which files belong together their names tell, see {@link
 * ParallelFiles}.
 *
 * @param files by column the pattern of its files' names, in which {@code *} stands for what files
 *     that belong together have in common; the columns are in the order of their names
 * @param encoding of the files, each for itself, as in {@link LinesSource}
 * @param maxText the most characters that a line may have
 */
record ParallelSource(Map<String, String> files, String encoding, int maxText)
    implements TextSource {

  ParallelSource {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    Require require =
        TextSource.require(encoding, maxText)
            .that(!files.isEmpty(), "files must name at least one column and its files")
            .that(
                files.values().stream().distinct().count() == files.size(),
                "files must have different patterns, got " + files);
    files.forEach(
        (column, pattern) ->
            require
                .that(
                    !column.isBlank() && !column.startsWith("_"),
                    "files: a column must not be blank or begin with an underscore, got " + column)
                .that(
                    pattern.indexOf('*') >= 0 && pattern.indexOf('*') == pattern.lastIndexOf('*'),
                    "files.%s must have one * in it, got %s".formatted(column, pattern)));
    require.hold();
  }

  @Override
  public Optional<DatasetContract> columns() {
    return Optional.of(
        new DatasetContract(
            files.keySet().stream().map(name -> new Field(name, FieldType.STRING)).toList()));
  }

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return Encodings.head(file, encoding, hadoop);
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return rows(spark, settings.contract(), source);
  }

  @Override
  public NewRows newRows(NewFiles read, DeclaredColumns declared) {
    DatasetContract own = columns().orElseThrow();
    read.requireKept(own.names());
    if (read.heads().isEmpty()) {
      return read.none();
    }
    DatasetContract wanted = read.wanted(own);
    return read.rows(rows(read.spark(), wanted, read.source()), wanted.names());
  }

  /** All files are read, whichever columns are wanted: they tell whether their lines agree. */
  private RawTable rows(SparkSession spark, DatasetContract contract, OpenedSource source) {
    List<String> wanted = contract.names();
    RawTable table =
        source
            .folders()
            .read(
                contract,
                source.files(),
                (read, given) ->
                    new ParallelTexts(spark, ParallelFiles.of(files, read), wanted, maxText)
                        .table());
    return table.with(() -> Encodings.notes(source));
  }
}
