package sluice.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

  /** Above this many characters of malformed records in one file, their lines are not looked up. */
  private static final int LOOKED_UP_CHARACTERS = 16_000_000;

  private MalformedRecords() {}

  /** What a format knows of the text of its records. */
  interface Format extends Serializable {
    /** Hands every record of a file on, with the number of its first line. */
    void forEachRecord(String address, SerializableConfiguration hadoop, LineConsumer records)
        throws IOException;

    /** Why this record is malformed. */
    String reason(String record);
  }

  /** Takes a record and the number of its first line, from 1. */
  interface LineConsumer {
    void accept(long line, String record);
  }

  /**
   * The malformed records as they are kept in quarantine; as many as there are rows.
   *
   * @param malformed the file's address, and the record's text; null for a record that was parsed
   *     but holds what is not of the encoding
   * @param notEncoded the reason of a record without a text
   */
  static Dataset<Row> located(Dataset<Row> malformed, Format format, String notEncoded) {
    SparkSession spark = malformed.sparkSession();
    Lookup lookup =
        new Lookup(
            format,
            notEncoded,
            new SerializableConfiguration(spark.sessionState().newHadoopConf()));
    MapFunction<Row, String> address = row -> row.getString(0);
    return malformed
        .groupByKey(address, Encoders.STRING())
        .flatMapGroups(lookup, Encoders.row(SCHEMA));
  }

  private static final class Lookup implements FlatMapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;

    private final Format format;
    private final String notEncoded;
    private final SerializableConfiguration hadoop;

    Lookup(Format format, String notEncoded, SerializableConfiguration hadoop) {
      this.format = format;
      this.notEncoded = notEncoded;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<Row> call(String address, Iterator<Row> rows) throws IOException {
      String source = SourceFiles.named(address);
      Map<String, Integer> wanted = new HashMap<>();
      int withoutText = 0;
      long characters = 0;
      while (rows.hasNext() && characters < LOOKED_UP_CHARACTERS) {
        String text = rows.next().getString(1);
        if (text == null) {
          withoutText++;
        } else {
          wanted.merge(text, 1, Integer::sum);
          characters += text.length();
        }
      }
      List<Row> found = new ArrayList<>();
      int[] left = {withoutText};
      if (!rows.hasNext()) {
        format.forEachRecord(
            address,
            hadoop,
            (line, record) -> {
              if (taken(record, wanted)) {
                found.add(row(source, line, record));
              } else if (left[0] > 0 && record.contains(SparkOptions.REPLACEMENT)) {
                left[0]--;
                found.add(row(source, line, record));
              }
            });
      }
      wanted.forEach(
          (record, count) -> {
            for (int i = 0; i < count; i++) {
              found.add(row(source, null, record));
            }
          });
      for (; left[0] > 0; left[0]--) {
        found.add(row(source, null, null));
      }
      return concat(found.iterator(), () -> row(source, null, rows.next().getString(1)), rows);
    }

    private Row row(String source, @Nullable Long line, @Nullable String record) {
      String reason = record == null ? notEncoded : format.reason(record);
      return RowFactory.create(source, line, record, reason);
    }

    private static boolean taken(String record, Map<String, Integer> wanted) {
      Integer count = wanted.get(record);
      if (count == null) {
        return false;
      }
      if (count == 1) {
        wanted.remove(record);
      } else {
        wanted.put(record, count - 1);
      }
      return true;
    }

    private static Iterator<Row> concat(
        Iterator<Row> first, java.util.function.Supplier<Row> next, Iterator<Row> rest) {
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
}
