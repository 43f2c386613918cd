package sluice.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueParser;

/**
 * Columns whose values stand in the names of folders, as Hive writes them: {@code day=5}. Such a
 * column is read if the schema declares it and the file does not have it; a file that has it is
 * believed before its folder. Of JSON each record is asked: the folder's value stands where a
 * record has none.
 */
final class FolderColumns {
  /** What Hive writes for null. */
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  private final SparkSession spark;
  private final IngestSettings settings;
  private final DatasetContract contract;

  FolderColumns(SparkSession spark, IngestSettings settings) {
    this.spark = spark;
    this.settings = settings;
    this.contract = settings.contract();
  }

  /**
   * The table of these files.
   *
   * @param notes takes what a user should know
   * @throws InvalidInput (data) if a folder's value is not of the column's type
   */
  RawTable read(List<SourceFile> files, List<String> notes) {
    Map<SourceFile, SortedMap<String, String>> named = new LinkedHashMap<>();
    Set<String> undeclared = new TreeSet<>();
    files.forEach(file -> named.put(file, declared(file, undeclared)));
    if (!undeclared.isEmpty()) {
      notes.add(
          "folders give values to %s, which the schema does not declare: not read"
              .formatted(String.join(", ", undeclared)));
    }
    if (named.values().stream().allMatch(Map::isEmpty)) {
      return Ingest.read(spark, settings, files);
    }
    if (settings.format().equals("json")) {
      return filled(named);
    }
    Map<Set<String>, List<SourceFile>> groups = new LinkedHashMap<>();
    Map<String, Integer> kept = new TreeMap<>();
    named.forEach(
        (file, values) -> {
          Set<String> own = values.isEmpty() ? Set.of() : ownColumns(file, values.keySet());
          Set<String> lacking = new TreeSet<>(values.keySet());
          lacking.removeAll(own);
          groups.computeIfAbsent(lacking, any -> new ArrayList<>()).add(file);
          own.forEach(column -> kept.merge(column, 1, Integer::sum));
        });
    kept.forEach(
        (column, n) ->
            notes.add(
                "%d %s the column %s, which is read, and not what the folder says"
                    .formatted(n, n == 1 ? "file has" : "files have", column)));
    List<RawTable> tables = new ArrayList<>();
    groups.forEach((lacking, own) -> tables.add(table(own, lacking, named)));
    return tables.stream()
        .reduce(
            (one, other) ->
                new RawTable(
                    one.rows().unionByName(other.rows()),
                    one.quarantined().unionByName(other.quarantined())))
        .orElseThrow();
  }

  /** What the folders of a file give to columns of the schema. */
  private SortedMap<String, String> declared(SourceFile file, Set<String> undeclared) {
    SortedMap<String, String> values = new TreeMap<>();
    String path = file.path().toUri().getPath();
    String[] parts = path.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      int sign = parts[i].indexOf('=');
      if (sign <= 0) {
        continue;
      }
      String column = ExternalCatalogUtils.unescapePathName(parts[i].substring(0, sign));
      if (contract.has(column)) {
        values.put(column, ExternalCatalogUtils.unescapePathName(parts[i].substring(sign + 1)));
      } else if (file.name().contains(parts[i] + "/")) {
        undeclared.add(column);
      }
    }
    return values;
  }

  /** Those of the columns that the file has itself. */
  private Set<String> ownColumns(SourceFile file, Set<String> columns) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    Set<String> own = new HashSet<>(columns);
    try {
      switch (settings.format()) {
        case "csv" -> {
          List<String> first =
              new CsvFormat(settings.options(), contract).header(file.address(), hadoop);
          if (settings.isSet("header")) {
            own.retainAll(first);
          } else if (first.size() == contract.fields().size() - columns.size()) {
            own.clear();
          }
        }
        case "parquet" -> own.retainAll(Parquet.columns(file.address(), hadoop.value()));
        default -> own.clear();
      }
      return own;
    } catch (IOException | RuntimeException e) {
      // A file that cannot be read is told of where it is read.
      return own;
    }
  }

  private RawTable table(
      List<SourceFile> files,
      Set<String> lacking,
      Map<SourceFile, SortedMap<String, String>> named) {
    IngestSettings own = settings;
    for (String column : lacking) {
      own = own.withoutColumn(column);
    }
    RawTable table = Ingest.read(spark, own, files);
    Dataset<Row> rows = table.rows();
    for (String column : lacking) {
      rows = rows.withColumn(column, folder(column, files, named));
    }
    return new RawTable(rows, table.quarantined());
  }

  private RawTable filled(Map<SourceFile, SortedMap<String, String>> named) {
    List<SourceFile> files = new ArrayList<>(named.keySet());
    RawTable table = Ingest.read(spark, settings, files);
    Set<String> columns = new TreeSet<>();
    named.values().forEach(values -> columns.addAll(values.keySet()));
    Dataset<Row> rows = table.rows();
    for (String column : columns) {
      rows = rows.withColumn(column, coalesce(Columns.named(column), folder(column, files, named)));
    }
    return new RawTable(rows, table.quarantined());
  }

  /** The value that a row's folder gives to a column. */
  private Column folder(
      String column, List<SourceFile> files, Map<SourceFile, SortedMap<String, String>> named) {
    FieldType type = contract.type(column);
    Map<String, Object> values = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (SourceFile file : files) {
      @Nullable String text = named.getOrDefault(file, new TreeMap<>()).get(column);
      if (text == null || text.equals(NULL)) {
        continue;
      }
      Object value = ValueParser.STANDARD.parse(text, type);
      if (value == null) {
        problems.add(
            "%s: the folder %s=%s must give the column %s a value that is %s"
                .formatted(file.named(), column, text, column, type.ddl()));
      } else {
        values.put(file.named(), value);
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    UDF1<String, Object> value = values::get;
    return udf(value, DataType.fromDDL(type.ddl())).apply(col(DatasetContract.SOURCE));
  }
}
