package sluice.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
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
    return new TextRows(spark, settings, files, format).table();
  }

  /**
   * Those of the columns that no record names, not even as null: one scan.
   *
   * @param columns of which no row has a value
   */
  static List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    JsonFormat format = new JsonFormat(settings.options(), settings.contract());
    Set<String> wanted = Set.copyOf(columns);
    TextRows.Work named =
        records -> {
          Set<String> found = new HashSet<>();
          while (records.hasNext() && found.size() < wanted.size()) {
            for (String name : format.names(records.next().record().text())) {
              if (wanted.contains(name)) {
                found.add(name);
              }
            }
          }
          Iterator<String> names = found.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return names.hasNext();
            }

            @Override
            public Row next() {
              return RowFactory.create(names.next());
            }
          };
        };
    Set<String> found = new HashSet<>();
    new TextRows(spark, settings, files, format)
        .through(named, StructType.fromDDL("name string"))
        .distinct()
        .collectAsList()
        .forEach(row -> found.add(row.getString(0)));
    return columns.stream().filter(column -> !found.contains(column)).toList();
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
