package sluice.ingest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueNotation;

/** Files of CSV; a header must be the schema's names. */
record CsvSource() implements FileSource {
  @Override
  public List<String> problems(DatasetContract columns) {
    return TextRows.problems("csv", columns);
  }

  /** {@inheritDoc} Those of the first file's header, each a text. */
  @Override
  public Optional<DatasetContract> columnsOfFiles(IngestSettings settings, Configuration hadoop) {
    if (!settings.isSet("header")) {
      return Optional.empty();
    }
    SourceFile first = ListedSource.of(settings.paths(), hadoop).files().get(0);
    FileHead head = head(first, settings, SourceFiles.reading(hadoop));
    FileHead.requireNoProblem(Map.of(first, head));
    List<String> names = new ArrayList<>();
    for (String name : head.columns()) {
      // Programs that number rows leave the name of that column out.
      names.add(name.isBlank() ? "column" + (names.size() + 1) : name);
    }
    return Optional.of(
        new DatasetContract(
            names.stream().map(name -> new Field(name, FieldType.STRING)).toList()));
  }

  @Override
  public ValueNotation notation(Map<String, String> options) {
    return SparkOptions.csvNotation(options);
  }

  @Override
  public boolean holdsTexts() {
    return true;
  }

  @Override
  public Optional<String> hint(IngestSettings settings, String record, String reason) {
    return Hints.csv(settings, record, reason);
  }

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return new CsvFormat(settings.options(), settings.contract()).head(file.address(), hadoop);
  }

  @Override
  public List<String> columns(
      FileHead head, IngestSettings settings, DeclaredColumns declared, Set<String> inFolders) {
    return declared.of(head, settings.isSet("header"), inFolders).orElse(List.of());
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return source
        .folders()
        .read(
            settings.contract(),
            source.files(),
            (files, given) -> table(spark, settings.withoutColumns(given), files));
  }

  @Override
  public NewRows newRows(NewFiles files, DeclaredColumns declared) {
    return NewCsv.read(files, declared);
  }

  /** The table of files that have all columns of the settings. */
  private static RawTable table(
      SparkSession spark, IngestSettings settings, Map<SourceFile, FileHead> files) {
    if (settings.isSet("header")) {
      checkHeaders(settings, files);
    }
    CsvFormat format = new CsvFormat(settings.options(), settings.contract());
    return new TextRows(spark, List.copyOf(files.keySet()), format).table(settings.contract());
  }

  private static void checkHeaders(IngestSettings settings, Map<SourceFile, FileHead> files) {
    List<String> expected = settings.contract().names();
    List<String> problems = new ArrayList<>();
    files.forEach(
        (file, head) -> {
          List<String> actual = DeclaredColumns.named(head.columns(), List.of(expected));
          if (actual.isEmpty()) {
            problems.add(file.named() + ": the file is empty, must have a header");
          } else if (!actual.equals(expected)) {
            problems.add(file.named() + ": " + difference(settings, expected, actual));
          }
        });
    if (problems.size() > SHOWN_FILES) {
      int more = problems.size() - SHOWN_FILES;
      problems.subList(SHOWN_FILES, problems.size()).clear();
      problems.add("and %d more files".formatted(more));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static String difference(
      IngestSettings settings, List<String> expected, List<String> actual) {
    Set<String> seen = new HashSet<>();
    for (String name : actual) {
      if (!seen.add(name)) {
        return "header has column %s twice: must be %s, got %s".formatted(name, expected, actual);
      }
    }
    if (expected.size() != actual.size()) {
      return "header has %d columns, schema has %d: must be %s, got %s%s"
          .formatted(
              actual.size(),
              expected.size(),
              expected,
              actual,
              actual.size() == 1
                  ? Hints.separator(settings, actual.get(0), expected.size())
                      .map(hint -> "; " + hint)
                      .orElse("")
                  : "");
    }
    return "header and schema differ: must be %s, got %s".formatted(expected, actual);
  }
}
