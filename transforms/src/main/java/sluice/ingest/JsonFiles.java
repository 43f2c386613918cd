package sluice.ingest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.FieldType;

/**
 * Reads JSON, one record a line or files over several lines. Records are cut first and parsed after
 * that, each for itself: Spark's own reader would take a whole file for malformed where one element
 * is, and would drop what follows an object in its line.
 */
final class JsonFiles {
  private JsonFiles() {}

  /**
   * The names that well-formed records use.
   *
   * @param names sorted
   * @param anyRecord whether there is a well-formed record
   */
  record Names(SortedSet<String> names, boolean anyRecord) {}

  /**
   * A table of files; where a record does not name a column, what its folder gives.
   *
   * @param reader makes the table of columns: those of the contract and, behind them, whether
   *     records name those that folders give
   */
  static RawTable read(
      SparkSession spark,
      Map<String, String> options,
      DatasetContract contract,
      Collection<SourceFile> files,
      FolderColumns folders,
      BiFunction<TextRows, DatasetContract, RawTable> reader) {
    DatasetContract asking = contract;
    Map<String, String> named = new LinkedHashMap<>();
    for (String column : folders.all()) {
      if (contract.has(column)) {
        String free = column;
        while (asking.has(free)) {
          free = "(" + free + ")";
        }
        named.put(column, free);
        asking = asking.with(free, FieldType.BOOLEAN);
      }
    }
    JsonFormat format = new JsonFormat(options, contract).asking(named.keySet());
    RawTable table = reader.apply(new TextRows(spark, List.copyOf(files), format), asking);
    return table.with(folders.filled(table.rows(), contract, named));
  }

  /**
   * Those of the columns that no record names, not even as null: one scan.
   *
   * @param columns of which no row has a value
   */
  static List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    Set<String> found = new HashSet<>();
    found(spark, settings, files, Set.copyOf(columns))
        .select("name")
        .distinct()
        .collectAsList()
        .forEach(row -> found.add(row.getString(0)));
    return columns.stream().filter(column -> !found.contains(column)).toList();
  }

  /**
   * By file, see {@link SourceFile#named}, those of the columns that its records name: one scan.
   */
  static Map<String, Set<String>> namesByFile(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, Set<String> columns) {
    Map<String, Set<String>> names = new HashMap<>();
    found(spark, settings, files, Set.copyOf(columns))
        .distinct()
        .collectAsList()
        .forEach(
            row ->
                names
                    .computeIfAbsent(row.getString(0), any -> new TreeSet<>())
                    .add(row.getString(1)));
    return names;
  }

  private static Dataset<Row> found(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, Set<String> wanted) {
    JsonFormat format = new JsonFormat(settings.options(), settings.contract());
    TextRows.Work work =
        records -> {
          Set<String> found = new HashSet<>();
          while (records.hasNext() && found.size() < wanted.size()) {
            found.addAll(format.names(records.next().text()));
            found.retainAll(wanted);
          }
          String source = records.source();
          return found.stream().map(name -> RowFactory.create(source, name)).iterator();
        };
    return new TextRows(spark, files, format)
        .through(work, StructType.fromDDL("source string, name string"));
  }

  /**
   * The names that records use which are well-formed as the settings have it: one scan.
   *
   * @param most how many are wanted; there may be one more, which says that there are more
   */
  static Names names(
      SparkSession spark, IngestSettings settings, Collection<SourceFile> files, int most) {
    JsonFormat format = new JsonFormat(settings.options(), settings.contract());
    TextRows.Work work =
        records -> {
          Set<@Nullable String> found = new HashSet<>();
          while (records.hasNext() && found.size() <= most + 1) {
            TextRecord record = records.next();
            Set<String> names = record.fault() == null ? format.namesIfRead(record.text()) : null;
            if (names != null) {
              // Stands for the record, which may have no name.
              found.add(null);
              found.addAll(names);
            }
          }
          return found.stream().map(name -> RowFactory.create(name)).iterator();
        };
    SortedSet<String> names = new TreeSet<>();
    boolean anyRecord = false;
    for (Row row :
        new TextRows(spark, List.copyOf(files), format)
            .through(work, StructType.fromDDL("name string"))
            .distinct()
            .limit(most + 2)
            .collectAsList()) {
      anyRecord = true;
      if (!row.isNullAt(0)) {
        names.add(row.getString(0));
      }
    }
    return new Names(names, anyRecord);
  }
}
