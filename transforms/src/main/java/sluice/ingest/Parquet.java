package sluice.ingest;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.InvalidInput;

/**
 * Reads Parquet files. Their schemas are checked in their footers, before anything else; then each
 * page is read and decompressed once, so that a damaged file is known before any of its rows is
 * taken. Such a file is one quarantined record, and the others are read.
 */
final class Parquet {
  private Parquet() {}

  /** What the footer of a file says. */
  static FileHead head(String address, Configuration hadoop) {
    try (ParquetFileReader reader = open(address, hadoop)) {
      return FileHead.ofSchema(reader.getFooter().getFileMetaData().getSchema());
    } catch (IOException | RuntimeException e) {
      return FileHead.ofDamage(reason(address, e));
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
    damaged.addAll(
        DamagedFiles.among(spark, candidates, file -> damage(file, columns, hadoop.value())));
    Set<String> unreadable = new HashSet<>();
    damaged.forEach(row -> unreadable.add(row.getString(0)));
    List<SourceFile> readable =
        candidates.stream().filter(file -> !unreadable.contains(file.named())).toList();
    Dataset<Row> quarantined = spark.createDataFrame(damaged, RawTable.QUARANTINED);
    StructType schema =
        contract.fields().isEmpty() ? new StructType() : StructType.fromDDL(contract.ddl());
    for (StructField other : others) {
      schema = schema.add(other);
    }
    List<Column> selected = new ArrayList<>(List.of(Columns.named(List.of(schema.fieldNames()))));
    selected.add(SourceFiles.named(SourceFiles.ADDRESS).as(DatasetContract.SOURCE));
    selected.add(functions.col("_metadata.row_index").plus(1).as(NewRows.POSITION));
    return new RawTable(
        SourceFiles.read(spark, new ParquetFileFormat(), options, schema, readable)
            .select(selected.toArray(Column[]::new)),
        quarantined);
  }

  /**
   * The columns of the files that a contract does not have, in the order in which they are met. A
   * damaged file has none.
   *
   * @throws InvalidInput (data) if a column is of different types
   */
  static List<StructField> others(
      SparkSession spark, Map<SourceFile, FileHead> files, DatasetContract contract) {
    ParquetToSparkSchemaConverter converter =
        new ParquetToSparkSchemaConverter(spark.sessionState().conf());
    Map<String, StructField> others = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<SourceFile, FileHead> entry : files.entrySet()) {
      MessageType schema = entry.getValue().schema();
      if (schema == null) {
        continue;
      }
      for (StructField field : converter.convert(schema).fields()) {
        StructField before = others.get(field.name());
        if (contract.has(field.name())) {
          continue;
        }
        if (before == null) {
          others.put(field.name(), field);
        } else if (!before.dataType().equals(field.dataType())) {
          problems.add(
              "%s: column %s is %s, and %s in a file before"
                  .formatted(
                      entry.getKey().named(),
                      field.name(),
                      field.dataType().simpleString(),
                      before.dataType().simpleString()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
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
    try {
      StructType converted = converter.convert(new MessageType("column", stored));
      return converted.fields()[0].dataType().simpleString();
    } catch (Exception e) {
      return stored.toString();
    }
  }

  private static @Nullable String damage(String file, Set<String> columns, Configuration hadoop) {
    try (ParquetFileReader reader = open(file, hadoop)) {
      List<ColumnDescriptor> wanted =
          reader.getFooter().getFileMetaData().getSchema().getColumns().stream()
              .filter(column -> columns.contains(column.getPath()[0]))
              .toList();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        for (ColumnDescriptor column : wanted) {
          readPages(group.getPageReader(column));
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return reason(file, e);
    }
  }

  private static void readPages(PageReader pages) throws IOException {
    pages.readDictionaryPage();
    for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
      if (page instanceof DataPageV1 first) {
        first.getBytes().toByteArray();
      } else if (page instanceof DataPageV2 second) {
        second.getData().toByteArray();
      }
    }
  }

  private static ParquetFileReader open(String file, Configuration hadoop) throws IOException {
    return ParquetFileReader.open(HadoopInputFile.fromPath(new Path(URI.create(file)), hadoop));
  }

  private static String reason(String file, Exception cause) {
    return "not a readable Parquet file: "
        + DamagedFiles.firstLine(cause).replace(file, SourceFiles.named(file));
  }
}
