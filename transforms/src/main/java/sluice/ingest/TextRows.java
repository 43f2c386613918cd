package sluice.ingest;

import static org.apache.spark.sql.functions.col;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;

/**
 * The rows of files of text. Spark cuts them into lines, a part of a file a task; where a record
 * may go over several lines, or a line feed is not one byte, a file is one task.
 */
final class TextRows {
  private static final String BLOCK_START = "_metadata.file_block_start";

  /**
   * A record and its file.
   *
   * @param address of the file
   * @param source the file's name for people
   */
  record Located(String address, String source, TextRecord record) {}

  /** Makes rows of the records of a partition. */
  interface Work extends Serializable {
    Iterator<Row> rows(Iterator<Located> records);
  }

  private final SparkSession spark;
  private final IngestSettings settings;
  private final List<SourceFile> files;
  private final TextFormat format;

  TextRows(SparkSession spark, IngestSettings settings, List<SourceFile> files, TextFormat format) {
    this.spark = spark;
    this.settings = settings;
    this.files = files;
    this.format = format;
  }

  /** The well-formed records as rows, and the others with their lines and reasons. */
  RawTable table() {
    DatasetContract contract = settings.contract();
    int columns = contract.fields().size();
    TextFormat format = this.format;
    Dataset<Row> rows =
        through(
            records -> new Rows(records, located -> row(format, columns, located)),
            StructType.fromDDL(contract.ddl()).add(DatasetContract.SOURCE, DataTypes.StringType));
    Dataset<Row> malformed =
        through(
            records -> new Rows(records, located -> malformed(format, columns, located)),
            MalformedRecords.FOUND);
    return new RawTable(
        rows,
        isCutBySpark()
            ? MalformedRecords.located(malformed, format)
            : MalformedRecords.named(malformed));
  }

  private static @Nullable Row row(TextFormat format, int columns, Located located) {
    @Nullable Object[] values = new Object[columns];
    if (reason(format, located.record(), values) != null) {
      return null;
    }
    @Nullable Object[] row = Arrays.copyOf(values, columns + 1);
    row[columns] = located.source();
    return RowFactory.create(row);
  }

  private static @Nullable Row malformed(TextFormat format, int columns, Located located) {
    TextRecord record = located.record();
    String reason = reason(format, record, new Object[columns]);
    return reason == null
        ? null
        : RowFactory.create(located.address(), record.line(), record.text(), reason);
  }

  private static @Nullable String reason(
      TextFormat format, TextRecord record, @Nullable Object[] values) {
    return record.fault() == null ? format.parse(record.text(), values) : record.fault();
  }

  /** What is made of the records, partition by partition. */
  Dataset<Row> through(Work work, StructType schema) {
    TextFormat format = this.format;
    if (!isCutBySpark()) {
      SerializableConfiguration hadoop =
          new SerializableConfiguration(spark.sessionState().newHadoopConf());
      MapPartitionsFunction<String, Row> whole =
          addresses -> work.rows(new FileRecords(format, addresses, hadoop));
      return spark
          .createDataset(files.stream().map(SourceFile::address).toList(), Encoders.STRING())
          .repartition(Math.min(files.size(), spark.sparkContext().defaultParallelism()))
          .mapPartitions(whole, Encoders.row(schema));
    }
    MapPartitionsFunction<Row, Row> lines = rows -> work.rows(new LineRecords(format, rows));
    return SourceFiles.read(
            spark,
            new TextFileFormat(),
            settings.options(),
            StructType.fromDDL("value string"),
            files)
        .select(SourceFiles.ADDRESS, col(BLOCK_START), col("value").cast(DataTypes.BinaryType))
        .mapPartitions(lines, Encoders.row(schema));
  }

  /** Whether records are lines, and what ends a line is the same bytes as in ASCII. */
  private boolean isCutBySpark() {
    return isCutIntoLines(format);
  }

  static boolean isCutIntoLines(TextFormat format) {
    String ends = "\r\n" + (format.lineSeparator() == null ? "" : format.lineSeparator());
    return !format.isMultiLine()
        && Arrays.equals(ends.getBytes(format.charset()), ends.getBytes(StandardCharsets.UTF_8));
  }

  /** A text without the byte order mark that it may begin with. */
  static Reader withoutMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  /** The rows of those records that make one. */
  private static final class Rows implements Iterator<Row> {
    private final Iterator<Located> records;
    private final Function<Located, @Nullable Row> made;
    private @Nullable Row next;

    Rows(Iterator<Located> records, Function<Located, @Nullable Row> made) {
      this.records = records;
      this.made = made;
    }

    @Override
    public boolean hasNext() {
      while (next == null && records.hasNext()) {
        next = made.apply(records.next());
      }
      return next != null;
    }

    @Override
    public Row next() {
      Row row = hasNext() ? next : null;
      if (row == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return row;
    }
  }

  /** The records of lines that Spark has cut. */
  private static final class LineRecords implements Iterator<Located> {
    private final TextFormat format;
    private final Charset charset;
    private final Iterator<Row> rows;
    private String address = "";
    private String source = "";
    private boolean headed;
    private @Nullable Located next;

    LineRecords(TextFormat format, Iterator<Row> rows) {
      this.format = format;
      this.charset = format.charset();
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      while (next == null && rows.hasNext()) {
        Row row = rows.next();
        String line = new String(row.<byte[]>getAs(2), charset);
        if (!format.isRecord(line)) {
          continue;
        }
        if (!address.equals(row.getString(0))) {
          address = row.getString(0);
          source = SourceFiles.named(address);
          headed = false;
        }
        if (format.hasHeader() && row.getLong(1) == 0 && !headed) {
          headed = true;
          continue;
        }
        next = new Located(address, source, new TextRecord(null, line, null));
      }
      return next != null;
    }

    @Override
    public Located next() {
      Located record = hasNext() ? next : null;
      if (record == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return record;
    }
  }

  /** The records of whole files, one file after the other. */
  private static final class FileRecords implements Iterator<Located> {
    private final TextFormat format;
    private final Iterator<String> addresses;
    private final SerializableConfiguration hadoop;
    private String address = "";
    private String source = "";
    private @Nullable InputStream bytes;
    private Iterator<TextRecord> records = List.<TextRecord>of().iterator();

    FileRecords(TextFormat format, Iterator<String> addresses, SerializableConfiguration hadoop) {
      this.format = format;
      this.addresses = addresses;
      this.hadoop = hadoop;
      TaskCompletionListener close = task -> close();
      TaskContext.get().addTaskCompletionListener(close);
    }

    @Override
    public boolean hasNext() {
      while (!records.hasNext() && addresses.hasNext()) {
        close();
        address = addresses.next();
        source = SourceFiles.named(address);
        try {
          InputStream opened = SourceFiles.open(address, hadoop.value());
          bytes = opened;
          records =
              format.records(
                  withoutMark(new BufferedReader(new InputStreamReader(opened, format.charset()))));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        if (format.hasHeader() && records.hasNext()) {
          records.next();
        }
      }
      return records.hasNext();
    }

    @Override
    public Located next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return new Located(address, source, records.next());
    }

    private void close() {
      try {
        if (bytes != null) {
          bytes.close();
        }
        bytes = null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
