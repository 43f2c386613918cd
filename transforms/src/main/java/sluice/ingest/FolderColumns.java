package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueParser;

/**
 * Columns whose values stand in the names of folders, as Hive writes them: {@code day=5}. Such a
 * column is read if it is declared and the file does not have it; a file that has it is believed
 * before its folder. Of JSON each record is asked: the folder's value stands where a record does
 * not name the column.
 */
final class FolderColumns {
  /** What Hive writes for null. */
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  /** By file, what its folders give to columns that it lacks, or that its records may lack. */
  private final Map<SourceFile, NavigableMap<String, String>> values;

  private FolderColumns(Map<SourceFile, NavigableMap<String, String>> values) {
    this.values = values;
  }

  /** Reads files whose folders give the same columns. */
  interface Reader {
    /**
     * The table of these files without what their folders give.
     *
     * @param given the columns that their folders give
     */
    RawTable read(Map<SourceFile, FileHead> files, Set<String> given);
  }

  /**
   * What the folders of files give.
   *
   * @param declared the columns that may be read
   * @param notes takes what a user should know
   */
  static FolderColumns of(
      SparkSession spark,
      IngestSettings settings,
      FileSource source,
      DeclaredColumns declared,
      Map<SourceFile, FileHead> files,
      List<String> notes) {
    Map<SourceFile, NavigableMap<String, String>> values = new LinkedHashMap<>();
    Set<String> undeclared = new TreeSet<>();
    files
        .keySet()
        .forEach(file -> values.put(file, inFolders(file, declared.declared(), undeclared)));
    if (!undeclared.isEmpty()) {
      notes.add(
          "folders give values to %s, which the schema does not declare: not read"
              .formatted(String.join(", ", undeclared)));
    }
    boolean byRecord = source.namesColumnsInRecords();
    Map<SourceFile, Set<String>> own =
        byRecord
            ? inRecords(spark, settings, values)
            : inHeads(settings, source, declared, files, values);
    Map<String, Integer> kept = new TreeMap<>();
    own.forEach((file, columns) -> columns.forEach(column -> kept.merge(column, 1, Integer::sum)));
    kept.forEach(
        (column, n) ->
            notes.add(
                "%d %s the column %s%s, which is read, and not what the folder says"
                    .formatted(
                        n,
                        n == 1 ? "file has" : "files have",
                        column,
                        byRecord ? " in records" : "")));
    if (!byRecord) {
      values.forEach((file, given) -> given.keySet().removeAll(own.getOrDefault(file, Set.of())));
    }
    return new FolderColumns(values);
  }

  /** By file, which columns that its folders give its header or its footer has. */
  private static Map<SourceFile, Set<String>> inHeads(
      IngestSettings settings,
      FileSource source,
      DeclaredColumns declared,
      Map<SourceFile, FileHead> files,
      Map<SourceFile, NavigableMap<String, String>> values) {
    Map<SourceFile, Set<String>> own = new HashMap<>();
    files.forEach(
        (file, head) -> {
          Set<String> given = values.getOrDefault(file, new TreeMap<>()).keySet();
          List<String> columns = source.columns(head, settings, declared, given);
          own.put(file, given.stream().filter(columns::contains).collect(Collectors.toSet()));
        });
    return own;
  }

  /** By file, which columns that its folders give its records name. */
  private static Map<SourceFile, Set<String>> inRecords(
      SparkSession spark,
      IngestSettings settings,
      Map<SourceFile, NavigableMap<String, String>> values) {
    Set<String> columns = new TreeSet<>();
    values.values().forEach(given -> columns.addAll(given.keySet()));
    List<SourceFile> below = new ArrayList<>();
    values.forEach(
        (file, given) -> {
          if (!given.isEmpty()) {
            below.add(file);
          }
        });
    Map<String, Set<String>> named =
        below.isEmpty() ? Map.of() : JsonFiles.namesByFile(spark, settings, below, columns);
    Map<SourceFile, Set<String>> own = new HashMap<>();
    values.forEach(
        (file, given) ->
            own.put(
                file,
                named.getOrDefault(file.named(), Set.of()).stream()
                    .filter(given::containsKey)
                    .collect(Collectors.toSet())));
    return own;
  }

  /** What the folders of a file give to declared columns. */
  private static NavigableMap<String, String> inFolders(
      SourceFile file, List<String> declared, Set<String> undeclared) {
    NavigableMap<String, String> values = new TreeMap<>();
    String path = file.path().toUri().getPath();
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      int sign = parts[i].indexOf('=');
      if (sign <= 0) {
        continue;
      }
      String column = ExternalCatalogUtils.unescapePathName(parts[i].substring(0, sign));
      if (declared.contains(column)) {
        values.put(column, ExternalCatalogUtils.unescapePathName(parts[i].substring(sign + 1)));
      } else if (file.name().contains(parts[i] + "/")) {
        undeclared.add(column);
      }
    }
    return values;
  }

  /** The columns that the folders of a file give. */
  Set<String> of(SourceFile file) {
    return values.getOrDefault(file, new TreeMap<>()).keySet();
  }

  /** The columns that the folders of some file give. */
  SortedSet<String> all() {
    SortedSet<String> all = new TreeSet<>();
    values.values().forEach(given -> all.addAll(given.keySet()));
    return all;
  }

  /**
   * One table of files that have their columns for themselves, and of what their folders give.
   *
   * @param wanted the columns to take from folders, with their types
   * @param files one at least
   * @throws InvalidInput (data) if a folder's value is not of the column's type
   */
  RawTable read(DatasetContract wanted, Map<SourceFile, FileHead> files, Reader reader) {
    Map<Set<String>, Map<SourceFile, FileHead>> groups = new LinkedHashMap<>();
    files.forEach(
        (file, head) ->
            groups.computeIfAbsent(of(file), any -> new LinkedHashMap<>()).put(file, head));
    List<RawTable> tables = new ArrayList<>();
    groups.forEach(
        (given, group) -> {
          RawTable table = reader.read(group, given);
          Dataset<Row> rows = table.rows();
          for (Field field : wanted.fields()) {
            if (given.contains(field.name())) {
              rows = rows.withColumn(field.name(), value(field.name(), field.type()));
            }
          }
          tables.add(table.with(rows));
        });
    return RawTable.union(tables);
  }

  /**
   * Rows of JSON with what folders give where a record does not name a column.
   *
   * @param named by column, the column that says whether the record names it; these are dropped
   * @throws InvalidInput (data) if a folder's value is not of the column's type
   */
  Dataset<Row> filled(Dataset<Row> rows, DatasetContract contract, Map<String, String> named) {
    Dataset<Row> filled = rows;
    for (Map.Entry<String, String> entry : named.entrySet()) {
      String column = entry.getKey();
      filled =
          filled
              .withColumn(
                  column,
                  when(Columns.named(entry.getValue()), Columns.named(column))
                      .otherwise(value(column, contract.type(column))))
              .drop(Columns.named(entry.getValue()));
    }
    return filled;
  }

  /** The value that a row's folder gives to a column. */
  private Column value(String column, FieldType type) {
    Map<String, Object> byFile = new HashMap<>();
    List<String> problems = new ArrayList<>();
    values.forEach(
        (file, given) -> {
          @Nullable String text = given.get(column);
          if (text == null || text.equals(NULL)) {
            return;
          }
          Object value = ValueParser.STANDARD.parse(text, type);
          if (value == null) {
            problems.add(
                "%s: the folder %s=%s must give the column %s a value that is %s"
                    .formatted(file.named(), column, text, column, type.ddl()));
          } else {
            byFile.put(file.named(), value);
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    UDF1<String, Object> value = byFile::get;
    return udf(value, DataType.fromDDL(type.ddl())).apply(col(DatasetContract.SOURCE));
  }
}
