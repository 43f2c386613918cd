package sluice.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import sluice.data.InvalidInput;

/** Reads CSV files; a header must be the schema's names. */
final class Csv {
  private static final int SHOWN_FILES = 10;

  private Csv() {}

  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    CsvFormat format = new CsvFormat(settings.options(), settings.contract());
    if (format.hasHeader()) {
      checkHeaders(spark, files, format, settings.contract().names());
    }
    return new TextRows(spark, files, format).table(settings.contract());
  }

  private static void checkHeaders(
      SparkSession spark, List<SourceFile> files, CsvFormat format, List<String> expected) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> problems = new ArrayList<>();
    for (SourceFile file : files) {
      String name = file.named();
      try {
        List<String> actual = named(format.header(file.address(), hadoop), expected);
        if (actual.isEmpty()) {
          problems.add(name + ": the file is empty, must have a header");
        } else if (!actual.equals(expected)) {
          problems.add(name + ": " + difference(expected, actual));
        }
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(name, e.getMessage()));
      }
    }
    if (problems.size() > SHOWN_FILES) {
      int more = problems.size() - SHOWN_FILES;
      problems.subList(SHOWN_FILES, problems.size()).clear();
      problems.add("and %d more files".formatted(more));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /**
   * A header in which each column without a name has the name that the schema gives its place: so
   * the first column is written by programs that number rows, as R and pandas do.
   */
  static List<String> named(List<String> header, List<String> schema) {
    if (header.size() != schema.size()) {
      return header;
    }
    List<String> names = new ArrayList<>(header);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank() && !header.contains(schema.get(i))) {
        names.set(i, schema.get(i));
      }
    }
    return names;
  }

  private static String difference(List<String> expected, List<String> actual) {
    Set<String> seen = new HashSet<>();
    for (String name : actual) {
      if (!seen.add(name)) {
        return "header has column %s twice: must be %s, got %s".formatted(name, expected, actual);
      }
    }
    if (expected.size() != actual.size()) {
      return "header has %d columns, schema has %d: must be %s, got %s"
          .formatted(actual.size(), expected.size(), expected, actual);
    }
    return "header and schema differ: must be %s, got %s".formatted(expected, actual);
  }
}
