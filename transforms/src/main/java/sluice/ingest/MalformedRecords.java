package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Malformed records with their line and the reason. Only the files that hold some are read again,
 * each by one task.
 */
final class MalformedRecords {
  /** The columns of {@link Ingested#quarantined}. */
  static final StructType SCHEMA =
      StructType.fromDDL("_source string, _position bigint, _record string, _reason string");

  /** The same of records as they are found: with the file's address. */
  static final StructType FOUND =
      StructType.fromDDL("_address string, _position bigint, _record string, _reason string");

  /** Above this many characters of malformed records in one file, their lines are not looked up. */
  private static final int LOOKED_UP_CHARACTERS = 16_000_000;

  private MalformedRecords() {}

  /** The records as they are kept in quarantine, whose lines are known. */
  static Dataset<Row> named(Dataset<Row> found) {
    MapFunction<Row, Row> named =
        row ->
            RowFactory.create(
                SourceFiles.named(row.getString(0)),
                row.get(1),
                row.getString(2),
                row.getString(3));
    return found.map(named, Encoders.row(SCHEMA));
  }

  /**
   * The records as they are kept in quarantine; as many as there are rows.
   *
   * @param found {@link #FOUND} without positions, of a format with a record a line
   */
  static Dataset<Row> located(Dataset<Row> found, TextFormat format) {
    SparkSession spark = found.sparkSession();
    Lookup lookup =
        new Lookup(format, new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    MapFunction<Row, String> address = row -> row.getString(0);
    return found.groupByKey(address, Encoders.STRING()).flatMapGroups(lookup, Encoders.row(SCHEMA));
  }

  /** A text that is looked up. */
  private static final class Wanted {
    private final String reason;
    private int count;

    Wanted(String reason) {
      this.reason = reason;
    }
  }

  private static final class Lookup implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    private final TextFormat format;
    private final SerializableConfiguration hadoop;

    Lookup(TextFormat format, SerializableConfiguration hadoop) {
      this.format = format;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Row> call(String address, Iterator<Row> rows) throws IOException {
      String source = SourceFiles.named(address);
      Map<String, Wanted> wanted = new HashMap<>();
      long characters = 0;
      while (rows.hasNext() && characters < LOOKED_UP_CHARACTERS) {
        Row row = rows.next();
        wanted.computeIfAbsent(row.getString(2), text -> new Wanted(row.getString(3))).count++;
        characters += row.getString(2).length();
      }
      List<Row> found = new ArrayList<>();
      if (!rows.hasNext()) {
        lookUp(address, source, wanted, found);
      }
      wanted.forEach(
          (text, record) -> {
            for (; record.count > 0; record.count--) {
              found.add(RowFactory.create(source, null, text, record.reason));
            }
          });
      return concat(
          found.iterator(),
          () -> {
            Row row = rows.next();
            return RowFactory.create(source, null, row.getString(2), row.getString(3));
          },
          rows);
    }

    private void lookUp(String address, String source, Map<String, Wanted> wanted, List<Row> found)
        throws IOException {
      Charset charset = format.charset();
      boolean headed = !format.hasHeader();
      Text bytes = new Text();
      try (InputStream in = SourceFiles.open(address, hadoop.value())) {
        LineReader lines = lines(in, format);
        for (long number = 1; lines.readLine(bytes) > 0; number++) {
          String line = new String(bytes.getBytes(), 0, bytes.getLength(), charset);
          if (number == 1 && line.startsWith("\uFEFF")) {
            line = line.substring(1);
          }
          boolean record = format.isRecord(line);
          Wanted same = record && headed ? wanted.get(line) : null;
          headed |= record;
          if (same != null && same.count > 0) {
            same.count--;
            found.add(RowFactory.create(source, number, line, same.reason));
          }
        }
      }
    }

    private static Iterator<Row> concat(
        Iterator<Row> first, Supplier<Row> next, Iterator<Row> rest) {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return first.hasNext() || rest.hasNext();
        }

        @Override
        public Row next() {
          return first.hasNext() ? first.next() : next.get();
        }
      };
    }
  }

  /** The lines of a file, as Spark's reader of text cuts them. */
  static LineReader lines(InputStream in, TextFormat format) {
    @Nullable String separator = format.lineSeparator();
    return separator == null
        ? new LineReader(in)
        : new LineReader(in, separator.getBytes(format.charset()));
  }
}
