package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Nearest;

/**
 * Files of rows to be scored, and what is wanted of them: what the readers of {@link NewRows} have
 * in common.
 *
 * @param wanted where they lie, and what is wanted of them
 * @param source the files
 */
record NewFiles(SparkSession spark, NewRowsRequest wanted, OpenedSource source) {

  IngestSettings settings() {
    return wanted.settings();
  }

  /** The columns that rows may have, in order. */
  DatasetContract declared() {
    return wanted.declared();
  }

  /** The columns to hand on; null for all. */
  @Nullable List<String> keep() {
    return wanted.keep();
  }

  DatasetContract needed() {
    return wanted.needed();
  }

  Map<SourceFile, FileHead> heads() {
    return source.files();
  }

  FolderColumns folders() {
    return source.folders();
  }

  /** Whether a column is read: it is needed or handed on. */
  boolean isWanted(String name) {
    return isKept(name) || needed().has(name);
  }

  private boolean isKept(String name) {
    List<String> keep = keep();
    return keep == null || keep.contains(name);
  }

  /** Columns with a reserved name are not handed on. */
  static boolean isReserved(String name) {
    return name.startsWith("_") || name.isBlank();
  }

  /** The wanted columns that folders give. */
  List<String> inFolders() {
    return folders().all().stream().filter(this::isWanted).toList();
  }

  /** The columns that are needed with their types, all others as texts. */
  DatasetContract texts(Collection<String> names) {
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      // What is not handed on is read all the same, under a name that no other has.
      String free = isReserved(name) ? "(" + fields.size() + ")" : name;
      fields.add(new Field(free, needed().has(free) ? needed().type(free) : FieldType.STRING));
    }
    return new DatasetContract(fields);
  }

  /** The needed columns that are not there. */
  List<String> missing(Collection<String> there) {
    return needed().names().stream().filter(name -> !there.contains(name)).toList();
  }

  /**
   * Those of a format's own columns that are needed or handed on.
   *
   * @throws InvalidInput (data) if a needed column is none of them
   */
  DatasetContract wanted(DatasetContract own) {
    List<String> missing = missing(own.names());
    if (!missing.isEmpty()) {
      throw InvalidInput.data(
          missing.stream()
              .map(name -> settings().where() + ": " + noColumn(name, own.names()))
              .toList());
    }
    return new DatasetContract(
        own.fields().stream().filter(field -> isWanted(field.name())).toList());
  }

  /** What is said of a column that is not there. */
  static String noColumn(String name, Collection<String> there) {
    Optional<String> near = Nearest.to(name, there);
    return near.isPresent()
        ? "no column %s; is it %s?".formatted(name, near.get())
        : "no column %s, there are %s".formatted(name, there);
  }

  /**
   * Checks the columns to hand on.
   *
   * @throws InvalidInput (data) if one is not there
   */
  void requireKept(Collection<String> there) {
    wanted.requireKept(there);
  }

  /** No row of the columns that are needed. */
  NewRows none() {
    StructType schema =
        StructType.fromDDL(needed().ddl())
            .add(DatasetContract.SOURCE, "string")
            .add(NewRows.POSITION, "bigint")
            .add(NewRows.RECORD, "string");
    return rows(
        new RawTable(
            spark.createDataFrame(List.<Row>of(), schema),
            spark.createDataFrame(List.<Row>of(), SourceRows.QUARANTINED)),
        needed().names());
  }

  /**
   * The rows.
   *
   * @param table has these columns and those that are needed
   * @param names the columns of the files and their folders, in order
   */
  NewRows rows(RawTable table, Collection<String> names) {
    Set<String> there = Set.of(table.rows().columns());
    List<Column> selected = new ArrayList<>();
    selected.add(col(DatasetContract.SOURCE));
    selected.add(col(NewRows.POSITION));
    selected.add(
        there.contains(NewRows.RECORD)
            ? col(NewRows.RECORD)
            : lit(null).cast(DataTypes.StringType).as(NewRows.RECORD));
    names.stream()
        .filter(name -> !isReserved(name))
        .forEach(name -> selected.add(Columns.named(name)));
    missing(names).forEach(name -> selected.add(Columns.named(name)));
    List<String> handedOn = names.stream().filter(this::isKept).toList();
    return new NewRows(
        table.rows().select(selected.toArray(Column[]::new)),
        table.quarantined(),
        handedOn.stream().filter(name -> !isReserved(name)).toList(),
        handedOn.stream().filter(NewFiles::isReserved).toList(),
        source.notes(table),
        source.presence(spark));
  }
}
