package sluice.ingest;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/**
 * Reads Parquet files. Their schemas are checked in their footers, before anything else; then each
 * value is decoded once, so that a damaged file is known before any of its rows is taken. Such a
 * file is one quarantined record, and the others are read. A row with a text, a date or a time that
 * a file of text could not hold is a malformed record.
 */
final class Parquet {
  private static final String UNREADABLE = "not a readable Parquet file: ";

  /** The length of the footer, and the four letters. */
  private static final int FOOTER_END = 8;

  private Parquet() {}

  /** What the footer of a file says. */
  static FileHead head(String address, Configuration hadoop) {
    try (ParquetFileReader reader = ParquetCheck.open(address, hadoop)) {
      return FileHead.ofSchema(reader.getFooter().getFileMetaData().getSchema());
    } catch (IOException | RuntimeException e) {
      List<String> unknown = ofUnknownType(address, hadoop);
      return FileHead.ofDamage(
          unknown.isEmpty()
              ? reason(address, e)
              : unknown.stream()
                  .map(
                      column ->
                          "column %s has a logical type that this version does not know"
                              .formatted(column))
                  .collect(Collectors.joining("; ", UNREADABLE, "")));
    }
  }

  /**
   * The columns of a file that have a type that is read, and no reserved name.
   *
   * @throws InvalidInput (data) if it is damaged
   */
  static DatasetContract columns(SourceFile file, Configuration hadoop) {
    FileHead head = head(file.address(), hadoop);
    if (head.schema() == null) {
      throw InvalidInput.data("%s: %s".formatted(file.named(), head.damage()));
    }
    List<Field> fields = new ArrayList<>();
    for (StructField column :
        new ParquetToSparkSchemaConverter(new SQLConf()).convert(head.schema()).fields()) {
      FieldType.ofDdl(column.dataType().simpleString())
          .filter(type -> !column.name().startsWith("_"))
          .ifPresent(type -> fields.add(new Field(column.name(), type)));
    }
    return new DatasetContract(fields);
  }

  /** The columns whose logical types are newer than the library, which then reads no column. */
  private static List<String> ofUnknownType(String address, Configuration hadoop) {
    try {
      HadoopInputFile file = HadoopInputFile.fromPath(new Path(URI.create(address)), hadoop);
      try (SeekableInputStream bytes = file.newStream()) {
        long end = file.getLength() - FOOTER_END;
        bytes.seek(end);
        bytes.seek(end - BytesUtils.readIntLittleEndian(bytes));
        return Util.readFileMetaData(bytes).getSchema().stream()
            .filter(column -> column.isSetLogicalType() && !column.getLogicalType().isSet())
            .map(SchemaElement::getName)
            .toList();
      }
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  /**
   * The table of files.
   *
   * @param contract the columns that each file must have
   * @param others more columns, of any type; a file that lacks one has nulls in it
   * @return the rows with their number in their file, from 1, in {@code _position}
   */
  static RawTable read(
      SparkSession spark,
      Map<String, String> options,
      DatasetContract contract,
      Map<SourceFile, FileHead> files,
      List<StructField> others) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    List<String> problems = new ArrayList<>();
    List<Row> damaged = new ArrayList<>();
    List<SourceFile> candidates = new ArrayList<>();
    ParquetToSparkSchemaConverter converter =
        new ParquetToSparkSchemaConverter(spark.sessionState().conf());
    files.forEach(
        (file, head) -> {
          MessageType schema = head.schema();
          if (schema == null) {
            damaged.add(DamagedFiles.record(file.address(), String.valueOf(head.damage())));
          } else {
            problems.addAll(differences(file.named(), schema, converter, contract));
            candidates.add(file);
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    Set<String> columns = new HashSet<>(contract.names());
    others.forEach(other -> columns.add(other.name()));
    ParquetCheck check = new ParquetCheck(columns, contract);
    CollectionAccumulator<ParquetCheck.Content> contents =
        spark.sparkContext().collectionAccumulator();
    damaged.addAll(
        DamagedFiles.among(
            spark, candidates, file -> damage(file, check, contents, hadoop.value())));
    Set<String> unreadable = new HashSet<>();
    damaged.forEach(row -> unreadable.add(row.getString(0)));
    List<SourceFile> readable =
        candidates.stream().filter(file -> !unreadable.contains(file.named())).toList();
    StructType schema =
        contract.fields().isEmpty() ? new StructType() : StructType.fromDDL(contract.ddl());
    for (StructField other : others) {
      schema = schema.add(other);
    }
    List<Column> selected = new ArrayList<>(List.of(Columns.named(List.of(schema.fieldNames()))));
    selected.add(SourceFiles.named(SourceFiles.ADDRESS).as(DatasetContract.SOURCE));
    selected.add(functions.col("_metadata.row_index").plus(1).as(NewRows.POSITION));
    SparkSession formatSession = spark;
    if (!contents.value().stream().allMatch(ParquetCheck.Content::vectorised)) {
      formatSession = spark.cloneSession();
      formatSession.conf().set(SQLConf.PARQUET_VECTORIZED_READER_ENABLED().key(), false);
    }
    Set<String> holding =
        contents.value().stream()
            .filter(ParquetCheck.Content::malformed)
            .map(ParquetCheck.Content::file)
            .collect(Collectors.toSet());
    Dataset<Row> quarantined = spark.createDataFrame(damaged, SourceRows.QUARANTINED);
    Dataset<Row> rows =
        SourceFiles.read(spark, formatSession, new ParquetFileFormat(), options, schema, readable)
            .select(selected.toArray(Column[]::new));
    if (holding.isEmpty()) {
      return new RawTable(rows, quarantined);
    }
    List<SourceFile> malformed =
        readable.stream().filter(file -> holding.contains(file.named())).toList();
    Column reason = ParquetValues.reason(contract);
    return new RawTable(
        rows.filter(reason.equalTo("")),
        quarantined.unionByName(
            SourceFiles.read(
                    spark, formatSession, new ParquetFileFormat(), options, schema, malformed)
                .select(selected.toArray(Column[]::new))
                .filter(reason.notEqual(""))
                .select(
                    functions.col(DatasetContract.SOURCE),
                    functions.col(NewRows.POSITION),
                    functions
                        .to_json(
                            Columns.row(Columns.named(List.of(schema.fieldNames()))).cast(schema))
                        .as("_record"),
                    reason.as("_reason"))));
  }

  /**
   * The columns of the files that a contract does not have, in the order in which they are met. A
   * damaged file has none. Any may be null, and so may what is in it: one file may require what
   * another lacks.
   *
   * @param wanted the names of those that matter
   * @param unreadable takes what is said of columns that Spark does not read, by name; these are
   *     left out
   * @throws InvalidInput (data) if a column is of different types
   */
  static List<StructField> others(
      SparkSession spark,
      Map<SourceFile, FileHead> files,
      DatasetContract contract,
      Predicate<String> wanted,
      Map<String, String> unreadable) {
    ParquetToSparkSchemaConverter converter =
        new ParquetToSparkSchemaConverter(spark.sessionState().conf());
    Map<String, StructField> others = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    files.forEach(
        (file, head) -> {
          List<Type> types = head.schema() == null ? List.of() : head.schema().getFields();
          for (Type type : types) {
            String name = type.getName();
            if (contract.has(name) || !wanted.test(name)) {
              continue;
            }
            StructField field = converted(type, converter).orElse(null);
            if (field == null) {
              unreadable.putIfAbsent(
                  name,
                  "%s: column %s is %s, which Spark does not read"
                      .formatted(file.named(), name, words(type)));
              continue;
            }
            StructField before = others.putIfAbsent(name, field);
            if (before != null && !before.dataType().equals(field.dataType())) {
              problems.add(
                  "%s: column %s is %s, and %s in a file before"
                      .formatted(
                          file.named(),
                          name,
                          field.dataType().simpleString(),
                          before.dataType().simpleString()));
            }
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    others.keySet().removeAll(unreadable.keySet());
    return List.copyOf(others.values());
  }

  private static List<String> differences(
      String file,
      MessageType schema,
      ParquetToSparkSchemaConverter converter,
      DatasetContract contract) {
    List<String> problems = new ArrayList<>();
    for (Field field : contract.fields()) {
      if (!schema.containsField(field.name())) {
        List<String> names = schema.getFields().stream().map(Type::getName).toList();
        problems.add("%s: no column %s, there are %s".formatted(file, field.name(), names));
        continue;
      }
      Type stored = schema.getType(field.name());
      String type = typeOf(stored, converter);
      if (!type.equals(field.type().ddl())) {
        problems.add(
            "%s: column %s must be %s, is %s"
                .formatted(file, field.name(), field.type().ddl(), type));
      }
    }
    return problems;
  }

  /** The type in Spark DDL, or Parquet's own words for one that Spark has not. */
  private static String typeOf(Type stored, ParquetToSparkSchemaConverter converter) {
    return converted(stored, converter)
        .map(field -> field.dataType().simpleString())
        .orElseGet(() -> words(stored));
  }

  private static Optional<StructField> converted(
      Type stored, ParquetToSparkSchemaConverter converter) {
    try {
      StructField field = converter.convert(new MessageType("column", stored)).fields()[0];
      return Optional.of(
          new StructField(field.name(), field.dataType().asNullable(), true, field.metadata()));
    } catch (Exception e) {
      // Spark throws what it does not declare.
      return Optional.empty();
    }
  }

  /** A type in Parquet's words, in one line. */
  private static String words(Type type) {
    return type.toString().replaceAll("\\s+", " ");
  }

  private static @Nullable String damage(
      String address,
      ParquetCheck check,
      CollectionAccumulator<ParquetCheck.Content> contents,
      Configuration hadoop) {
    try {
      contents.add(check.content(address, hadoop));
      return null;
    } catch (IOException | RuntimeException e) {
      return reason(address, e);
    }
  }

  private static String reason(String address, Exception cause) {
    return UNREADABLE
        + DamagedFiles.firstLine(cause)
            .replace(new Path(URI.create(address)).toString(), SourceFiles.named(address));
  }
}
