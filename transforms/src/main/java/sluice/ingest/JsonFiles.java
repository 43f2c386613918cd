package sluice.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * Reads JSON, one record a line or files over several lines. Records are cut first and parsed after
 * that, each for itself: Spark's own reader would take a whole file for malformed where one element
 * is, and would drop what follows an object in its line.
 */
final class JsonFiles {
  private JsonFiles() {}

  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    JsonFormat format = new JsonFormat(settings.options(), settings.contract());
    if (!format.isMultiLine()) {
      checkLines(spark, files, format);
    }
    return new TextRows(spark, files, format).table(settings.contract());
  }

  /**
   * Those of the columns that no record names, not even as null: one scan.
   *
   * @param columns of which no row has a value
   */
  static List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    JsonFormat format = new JsonFormat(settings.options(), settings.contract());
    Set<String> found = names(spark, files, format, Set.copyOf(columns));
    return columns.stream().filter(column -> !found.contains(column)).toList();
  }

  /**
   * The names that records use: one scan.
   *
   * @param wanted the names to look for; null for all
   */
  static SortedSet<String> names(
      SparkSession spark, List<SourceFile> files, JsonFormat format, @Nullable Set<String> wanted) {
    TextRows.Work work =
        records -> {
          Set<String> found = new HashSet<>();
          while (records.hasNext() && (wanted == null || found.size() < wanted.size())) {
            found.addAll(format.names(records.next().text()));
            if (wanted != null) {
              found.retainAll(wanted);
            }
          }
          return found.stream().map(name -> RowFactory.create(name)).iterator();
        };
    SortedSet<String> names = new TreeSet<>();
    new TextRows(spark, files, format)
        .through(work, StructType.fromDDL("name string"))
        .distinct()
        .collectAsList()
        .forEach(row -> names.add(row.getString(0)));
    return names;
  }

  static void checkLines(SparkSession spark, List<SourceFile> files, JsonFormat format) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> problems = new ArrayList<>();
    for (SourceFile file : files) {
      try {
        if (format.isOverSeveralLines(file.address(), hadoop)) {
          problems.add(
              file.named()
                  + ": must have one object a line, has JSON over several lines or in an array:"
                  + " set options.multiLine = true");
        }
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(file.named(), e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }
}
