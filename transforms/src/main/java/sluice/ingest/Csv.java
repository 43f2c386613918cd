package sluice.ingest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import sluice.data.InvalidInput;

/** Reads CSV files; a header must be the schema's names. */
final class Csv {
  private static final int SHOWN_FILES = 10;

  private Csv() {}

  static RawTable read(
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
