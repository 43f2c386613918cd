package sluice.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.ingest.TextRecords.Position;
import sluice.ingest.text.FileReading;
import sluice.ingest.text.TextEncoding;

/**
 * Files of text of which each line is a text, compressed or not.
 *
 * @param encoding of the files, see {@link TextEncoding}; by {@code auto} a file's first 64 KiB
 *     tell
 * @param maxText the most characters that a line may have
 * @param label where the class of a line comes from
 */
record LinesSource(String encoding, int maxText, Label label) implements TextSource {
  /** Where a line's class comes from. */
  enum Label {
    /** From nowhere: the lines have none. */
    NONE,
    /** From the file's name up to its first dot, as in {@code neg.txt.gz}. */
    FILE
  }

  LinesSource {
    TextSource.require(encoding, maxText).hold();
  }

  @Override
  public Optional<DatasetContract> columns() {
    DatasetContract text =
        new DatasetContract(List.of(new Field(FileReading.TEXT, FieldType.STRING)));
    return Optional.of(label == Label.FILE ? text.with(LABEL, FieldType.STRING) : text);
  }

  @Override
  public Optional<TextColumns> textColumns() {
    return Optional.of(
        new TextColumns(List.of(FileReading.TEXT), label == Label.FILE ? LABEL : null, null));
  }

  @Override
  public List<String> problems(DatasetContract columns) {
    List<String> problems = new ArrayList<>(TextSource.super.problems(columns));
    if (!columns.has(FileReading.TEXT)) {
      problems.add("must have the column text with format = lines, got " + columns.ddl());
    }
    return problems;
  }

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return Encodings.head(file, encoding, hadoop);
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return rows(spark, settings.contract(), source, TextRows::table);
  }

  @Override
  public NewRows newRows(NewFiles files, DeclaredColumns declared) {
    DatasetContract own = columns().orElseThrow();
    files.requireKept(own.names());
    if (files.heads().isEmpty()) {
      return files.none();
    }
    DatasetContract wanted = files.wanted(own);
    // A line is read whether it is handed on or not: it is the row.
    DatasetContract read = wanted.with(FileReading.TEXT, FieldType.STRING);
    return files.rows(
        rows(
            files.spark(),
            read,
            files.source(),
            (rows, contract) -> rows.placed(contract, Position.LINE)),
        wanted.names());
  }

  private RawTable rows(
      SparkSession spark,
      DatasetContract contract,
      OpenedSource source,
      BiFunction<TextRows, DatasetContract, RawTable> reader) {
    RawTable table =
        source
            .folders()
            .read(
                contract,
                source.files(),
                (files, given) -> {
                  RawTable lines = lines(spark, files, reader);
                  return contract.has(LABEL) && !given.contains(LABEL)
                      ? lines.with(OpenedSource.withText(lines.rows(), LABEL, labels(files)))
                      : lines;
                });
    return table.with(() -> Encodings.notes(source));
  }

  /** The lines of files, those of each encoding for themselves. */
  private RawTable lines(
      SparkSession spark,
      Map<SourceFile, FileHead> files,
      BiFunction<TextRows, DatasetContract, RawTable> reader) {
    DatasetContract text =
        new DatasetContract(List.of(new Field(FileReading.TEXT, FieldType.STRING)));
    Map<String, List<SourceFile>> byCharset = new TreeMap<>();
    files.forEach(
        (file, head) ->
            byCharset.computeIfAbsent(Encodings.of(head), any -> new ArrayList<>()).add(file));
    List<RawTable> tables = new ArrayList<>();
    byCharset.forEach(
        (charset, alike) ->
            tables.add(
                reader.apply(new TextRows(spark, alike, new LineFormat(charset, maxText)), text)));
    return RawTable.union(tables);
  }

  private static Map<String, String> labels(Map<SourceFile, FileHead> files) {
    Map<String, String> labels = new HashMap<>();
    for (SourceFile file : files.keySet()) {
      String name = file.path().getName();
      int dot = name.indexOf('.', 1);
      labels.put(file.named(), dot < 0 ? name : name.substring(0, dot));
    }
    return labels;
  }
}
