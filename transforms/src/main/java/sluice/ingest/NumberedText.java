package sluice.ingest;

import static org.apache.spark.sql.functions.col;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * CSV and JSON files whose records keep their place in their file and their text. A record of CSV
 * has the number of its first line, one of JSON its number among the records, both from 1.
 */
final class NumberedText {
  static final String POSITION = "_position";

  /** The text of a record. */
  static final String RECORD = "_record";

  private static final String REASON = "_reason";
  private static final List<String> PLACE = List.of(DatasetContract.SOURCE, POSITION, RECORD);

  private NumberedText() {}

  /**
   * The records.
   *
   * @param contract the columns that the format reads
   * @return the columns, the source, {@link #POSITION} and {@link #RECORD}
   */
  static RawTable read(
      SparkSession spark, DatasetContract contract, List<SourceFile> files, TextFormat format) {
    StructType schema =
        StructType.fromDDL(
            "%s string, %s bigint, %s string, %s string, %s"
                .formatted(DatasetContract.SOURCE, POSITION, RECORD, REASON, contract.ddl()));
    int columns = contract.fields().size();
    Dataset<Row> all =
        TextRows.isCutIntoLines(format)
            ? lines(spark, files, format, columns, schema)
            : wholeFiles(spark, files, format, columns, schema);
    List<String> read = new ArrayList<>(PLACE);
    read.addAll(contract.names());
    List<String> quarantined = new ArrayList<>(PLACE);
    quarantined.add(REASON);
    return new RawTable(
        all.filter(col(REASON).isNull()).select(Columns.named(read)),
        all.filter(col(REASON).isNotNull()).select(Columns.named(quarantined)));
  }

  private static Row row(
      TextFormat format, int columns, String source, long position, TextRecord record) {
    @Nullable Object[] values = new @Nullable Object[columns];
    String reason = record.fault() == null ? format.parse(record.text(), values) : record.fault();
    @Nullable Object[] row = new @Nullable Object[4 + columns];
    row[0] = source;
    row[1] = position;
    row[2] = record.text();
    row[3] = reason;
    if (reason == null) {
      System.arraycopy(values, 0, row, 4, columns);
    }
    return RowFactory.create(row);
  }

  /** Files that are one task each. */
  private static Dataset<Row> wholeFiles(
      SparkSession spark,
      List<SourceFile> files,
      TextFormat format,
      int columns,
      StructType schema) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    boolean counted = !(format instanceof CsvFormat);
    FlatMapFunction<String, Row> rows =
        address -> {
          String source = SourceFiles.named(address);
          List<Row> found = new ArrayList<>();
          try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
            Iterator<TextRecord> records =
                format.records(
                    TextRows.withoutMark(
                        new BufferedReader(new InputStreamReader(bytes, format.charset()))));
            if (format.hasHeader() && records.hasNext()) {
              records.next();
            }
            while (records.hasNext()) {
              TextRecord record = records.next();
              Long line = record.line();
              long position = counted || line == null ? found.size() + 1L : line;
              found.add(row(format, columns, source, position, record));
            }
          }
          return found.iterator();
        };
    return spark
        .createDataset(files.stream().map(SourceFile::address).toList(), Encoders.STRING())
        .repartition(Math.min(files.size(), spark.sparkContext().defaultParallelism()))
        .flatMap(rows, Encoders.row(schema));
  }

  /** Files of lines, of which a large one is several tasks. */
  private static Dataset<Row> lines(
      SparkSession spark,
      List<SourceFile> files,
      TextFormat format,
      int columns,
      StructType schema) {
    Map<String, Long> headers = headerLines(spark, files, format);
    @Nullable String separator = format.lineSeparator();
    Optional<byte[]> end =
        separator == null
            ? Optional.empty()
            : Optional.of(separator.getBytes(StandardCharsets.UTF_8));
    List<String> addresses = files.stream().map(SourceFile::address).toList();
    FlatMapFunction<Row, Row> rows =
        line -> {
          String address = line.getString(0);
          String text = new String(line.<byte[]>getAs(2), format.charset());
          boolean record =
              line.getLong(1) > headers.getOrDefault(address, 0L) && format.isRecord(text);
          return record
              ? List.of(
                      row(
                          format,
                          columns,
                          SourceFiles.named(address),
                          line.getLong(1),
                          new TextRecord(line.getLong(1), text, null)))
                  .iterator()
              : List.<Row>of().iterator();
        };
    Dataset<Row> lines =
        format instanceof CsvFormat
            ? NumberedLines.all(spark, addresses, end)
            : NumberedLines.notBlank(spark, addresses, end);
    return lines.flatMap(rows, Encoders.row(schema));
  }

  /** By file, the line that its header stands in. */
  private static Map<String, Long> headerLines(
      SparkSession spark, List<SourceFile> files, TextFormat format) {
    HashMap<String, Long> headers = new HashMap<>();
    if (format.hasHeader()) {
      Configuration hadoop = spark.sessionState().newHadoopConf();
      for (SourceFile file : files) {
        try (InputStream bytes = SourceFiles.open(file.address(), hadoop)) {
          headers.put(file.address(), headerLine(MalformedRecords.lines(bytes, format), format));
        } catch (IOException e) {
          throw InvalidInput.data("%s: cannot be read: %s".formatted(file.named(), e.getMessage()));
        }
      }
    }
    return headers;
  }

  private static long headerLine(LineReader lines, TextFormat format) throws IOException {
    Text text = new Text();
    long number = 0;
    while (lines.readLine(text) > 0) {
      number++;
      byte[] line = Arrays.copyOf(text.getBytes(), text.getLength());
      if (format.isRecord(new String(line, format.charset()))) {
        break;
      }
    }
    return number;
  }

  /** The names that records of JSON use, sorted: one scan. */
  static List<String> names(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, JsonFormat format) {
    TextRows.Work work =
        records -> {
          List<Row> names = new ArrayList<>();
          Set<String> found = new HashSet<>();
          while (records.hasNext()) {
            for (String name : format.names(records.next().record().text())) {
              if (found.add(name)) {
                names.add(RowFactory.create(name));
              }
            }
          }
          return names.iterator();
        };
    List<String> names = new ArrayList<>();
    new TextRows(spark, settings, files, format)
        .through(work, StructType.fromDDL("name string"))
        .distinct()
        .collectAsList()
        .forEach(row -> names.add(row.getString(0)));
    names.sort(null);
    return names;
  }
}
