package sluice.ingest;

import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.ingest.TextRecords.Position;

/**
 * Rows to be scored. Of their files only the columns that are needed must be there, with their
 * types, in any order where columns have names. All others are handed on: as the text that they
 * have in CSV and JSON, as they are in Parquet. Lazy, like {@link Ingested}.
 *
 * @param rows {@link DatasetContract#SOURCE}, {@link #POSITION}, {@link #RECORD} and the columns
 * @param quarantined as in {@link Ingested#quarantined}
 * @param columns of the files, in their order, but for {@code reserved}
 * @param reserved columns of the files that are not handed on, since their names are blank or begin
 *     with an underscore
 * @param notes what a user should know of the files
 */
public record NewRows(
    Dataset<Row> rows,
    Dataset<Row> quarantined,
    List<String> columns,
    List<String> reserved,
    List<String> notes) {
  /**
   * The place of a record in its file, from 1: the line that it begins in for CSV, otherwise its
   * number among the records.
   */
  public static final String POSITION = "_position";

  /** The text of a record of CSV and JSON; null of other formats. */
  public static final String RECORD = "_record";

  private static final int MOST_COLUMNS = 10_000;

  public NewRows {
    columns = List.copyOf(columns);
    reserved = List.copyOf(reserved);
    notes = List.copyOf(notes);
  }

  /**
   * Reads files.
   *
   * @param settings how they are stored; their schema has the columns that are needed, with types
   * @param declared the columns of the rows that the network was trained with, in the order that
   *     CSV without a header has
   * @param keep the columns to hand on; null for all
   * @throws InvalidInput (data) if a needed column or one to keep is not there, or the files are
   *     not what they should be
   */
  public static NewRows read(
      SparkSession spark,
      IngestSettings settings,
      DatasetContract declared,
      @Nullable List<String> keep) {
    ListedSource source = ListedSource.of(settings.path(), spark.sessionState().newHadoopConf());
    boolean text = Set.of("csv", "json").contains(settings.format());
    if (text) {
      Ingest.requireReadable(source.files());
    }
    List<Row> damaged = text ? DamagedFiles.compressed(spark, source.files()) : List.of();
    Set<String> unreadable =
        damaged.stream().map(row -> row.getString(0)).collect(Collectors.toSet());
    List<SourceFile> files =
        source.files().stream().filter(file -> !unreadable.contains(file.named())).toList();
    NewRows read =
        switch (settings.format()) {
          case "csv" -> csv(spark, settings, files, declared, keep);
          case "json" -> json(spark, settings, files, declared, keep);
          case "parquet" -> parquet(spark, settings, files, declared, keep);
          default -> {
            requireKept(settings.contract().names(), keep, settings);
            yield of(Idx.read(spark, settings, files), settings.contract().names(), keep);
          }
        };
    Dataset<Row> rows = read.rows();
    @Nullable String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null) {
      Map<String, String> names = new HashMap<>();
      files.forEach(file -> names.put(file.named(), file.name()));
      rows = Ingest.withText(rows, sourceColumn, names);
    }
    return new NewRows(
        rows,
        read.quarantined().unionByName(spark.createDataFrame(damaged, RawTable.QUARANTINED)),
        read.columns(),
        read.reserved(),
        source.notes());
  }

  private static NewRows parquet(
      SparkSession spark,
      IngestSettings settings,
      List<SourceFile> files,
      DatasetContract declared,
      @Nullable List<String> keep) {
    List<StructField> others =
        Parquet.others(spark, files, settings.contract()).stream()
            .filter(field -> keep == null || keep.contains(field.name()))
            .toList();
    List<String> names = new ArrayList<>(settings.contract().names());
    others.forEach(field -> names.add(field.name()));
    requireKept(names, keep, settings);
    RawTable table =
        Parquet.read(
            spark,
            settings,
            files,
            others.stream().filter(field -> !isReserved(field.name())).toList());
    return of(table, ordered(names, declared), keep);
  }

  private static NewRows csv(
      SparkSession spark,
      IngestSettings settings,
      List<SourceFile> files,
      DatasetContract declared,
      @Nullable List<String> keep) {
    Map<List<String>, List<SourceFile>> byHeader = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    CsvFormat format = new CsvFormat(settings.options(), settings.contract());
    for (SourceFile file : files) {
      String name = file.named();
      try {
        List<String> first = format.header(file.address(), hadoop);
        List<String> header =
            format.hasHeader() || first.isEmpty()
                ? Csv.named(first, declared.names())
                : withoutHeader(first.size(), declared, settings.contract());
        if (first.isEmpty() && !format.hasHeader()) {
          continue;
        }
        problems(header, first.size(), settings).forEach(p -> problems.add(name + ": " + p));
        byHeader.computeIfAbsent(header, h -> new ArrayList<>()).add(file);
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(name, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    Set<String> columns = new LinkedHashSet<>();
    byHeader.keySet().forEach(columns::addAll);
    if (!files.isEmpty()) {
      requireKept(columns, keep, settings);
    }
    List<RawTable> tables = new ArrayList<>();
    byHeader.forEach(
        (header, group) -> {
          DatasetContract contract = texts(header, settings.contract());
          tables.add(
              new TextRows(spark, group, new CsvFormat(settings.options(), contract))
                  .placed(contract, Position.LINE));
        });
    if (tables.isEmpty()) {
      return of(none(spark, settings.contract()), settings.contract().names(), keep);
    }
    return of(union(tables), List.copyOf(columns), keep);
  }

  /** The columns of a file without a header: those declared, or those of them that are needed. */
  private static List<String> withoutHeader(
      int fields, DatasetContract declared, DatasetContract needed) {
    return fields == needed.names().size() && fields < declared.names().size()
        ? declared.names().stream().filter(needed::has).toList()
        : declared.names();
  }

  private static List<String> problems(List<String> header, int fields, IngestSettings settings) {
    if (header.isEmpty()) {
      return List.of("the file is empty, must have a header");
    }
    List<String> problems = new ArrayList<>();
    if (header.size() != fields) {
      problems.add(
          "%s fields without a header, must be %s: %s".formatted(fields, header.size(), header));
      return problems;
    }
    Set<String> seen = new HashSet<>();
    header.stream()
        .filter(name -> !isReserved(name) && !seen.add(name))
        .distinct()
        .forEach(name -> problems.add("header has column %s twice".formatted(name)));
    missing(header, settings).forEach(problems::add);
    return problems;
  }

  /** What is said of each needed column that is not there. */
  private static List<String> missing(List<String> there, IngestSettings settings) {
    return settings.contract().names().stream()
        .filter(name -> !there.contains(name))
        .map(
            name ->
                Nearest.to(name, there)
                    .map(near -> "no column %s; is it %s?".formatted(name, near))
                    .orElse("no column %s, there are %s".formatted(name, there)))
        .toList();
  }

  private static void requireKept(
      Collection<String> there, @Nullable List<String> keep, IngestSettings settings) {
    if (keep == null) {
      return;
    }
    List<String> problems =
        keep.stream()
            .filter(name -> !there.contains(name))
            .map(
                name ->
                    "%s: predict.keep: no column %s, there are %s"
                        .formatted(settings.where(), name, there))
            .toList();
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static NewRows json(
      SparkSession spark,
      IngestSettings settings,
      List<SourceFile> files,
      DatasetContract declared,
      @Nullable List<String> keep) {
    JsonFormat any = new JsonFormat(settings.options(), settings.contract());
    if (!any.isMultiLine()) {
      JsonFiles.checkLines(spark, files, any);
    }
    List<String> names = List.copyOf(JsonFiles.names(spark, files, any, null));
    if (names.size() > MOST_COLUMNS) {
      throw InvalidInput.data(
          "%s: must have at most %s names in its records, has %s"
              .formatted(settings.where(), MOST_COLUMNS, names.size()));
    }
    List<String> missing = missing(names, settings);
    if (!missing.isEmpty()) {
      throw InvalidInput.data(
          missing.stream().map(problem -> settings.where() + ": " + problem).toList());
    }
    requireKept(names, keep, settings);
    List<String> wanted =
        names.stream()
            .filter(name -> keep == null || keep.contains(name) || settings.contract().has(name))
            .toList();
    List<String> read = wanted.stream().filter(name -> !isReserved(name)).toList();
    DatasetContract contract = texts(read, settings.contract());
    return of(
        new TextRows(spark, files, new JsonFormat(settings.options(), contract))
            .placed(contract, Position.RECORD),
        ordered(wanted, declared),
        keep);
  }

  /** Columns of files that have no order of their own: as they were declared, then by name. */
  private static List<String> ordered(List<String> names, DatasetContract declared) {
    List<String> ordered =
        declared.names().stream()
            .filter(names::contains)
            .collect(Collectors.toCollection(ArrayList::new));
    names.stream().filter(name -> !declared.has(name)).sorted().forEach(ordered::add);
    return ordered;
  }

  /** The columns that are needed with their types, all others as texts. */
  private static DatasetContract texts(List<String> names, DatasetContract needed) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      // What is not handed on is read all the same, under a name that no other has.
      String name = isReserved(names.get(i)) ? "(" + i + ")" : names.get(i);
      fields.add(new Field(name, needed.has(name) ? needed.type(name) : FieldType.STRING));
    }
    return new DatasetContract(fields);
  }

  private static RawTable union(List<RawTable> tables) {
    return tables.stream()
        .reduce(
            (one, other) ->
                new RawTable(
                    one.rows().unionByName(other.rows(), true),
                    one.quarantined().unionByName(other.quarantined())))
        .orElseThrow();
  }

  /** No row of the columns that are needed. */
  private static RawTable none(SparkSession spark, DatasetContract needed) {
    StructType schema =
        StructType.fromDDL(needed.ddl())
            .add(DatasetContract.SOURCE, "string")
            .add(POSITION, "bigint")
            .add(RECORD, "string");
    return new RawTable(
        spark.createDataFrame(List.<Row>of(), schema),
        spark.createDataFrame(List.<Row>of(), RawTable.QUARANTINED));
  }

  private static boolean isReserved(String name) {
    return name.startsWith("_") || name.isBlank();
  }

  private static NewRows of(RawTable table, List<String> names, @Nullable List<String> keep) {
    Set<String> there = Set.of(table.rows().columns());
    Column record =
        there.contains(RECORD)
            ? functions.col(RECORD)
            : lit(null).cast(DataTypes.StringType).as(RECORD);
    List<Column> selected = new ArrayList<>();
    selected.add(functions.col(DatasetContract.SOURCE));
    selected.add(functions.col(POSITION));
    selected.add(record);
    names.stream()
        .filter(name -> !isReserved(name))
        .forEach(name -> selected.add(Columns.named(name)));
    return new NewRows(
        table.rows().select(selected.toArray(Column[]::new)),
        table.quarantined(),
        names.stream()
            .filter(name -> !isReserved(name) && (keep == null || keep.contains(name)))
            .toList(),
        names.stream()
            .filter(name -> isReserved(name) && (keep == null || keep.contains(name)))
            .toList(),
        List.of());
  }
}
