package sluice.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;

/**
 * The one byte encoding of typed values, from which keys and digests are made. Each value is a tag
 * for its type followed by its bytes; text, bytes and arrays carry their length; numbers are
 * big-endian. So two lists of values have the same bytes only if they are the same values of the
 * same types.
 *
 * <p>Floating-point numbers are taken by their bits: -0.0 differs from 0.0, and every NaN is the
 * one of {@link Double#doubleToLongBits}. Points in time count microseconds, as Spark does, from
 * 1970 in UTC. Values have the classes of {@link FieldType}, or are arrays of float, double or int.
 */
public final class CanonicalBytes {
  private static final int NULL = 0;
  private static final int BOOLEAN = 1;
  private static final int BYTE = 2;
  private static final int SHORT = 3;
  private static final int INT = 4;
  private static final int LONG = 5;
  private static final int FLOAT = 6;
  private static final int DOUBLE = 7;
  private static final int STRING = 8;
  private static final int DATE = 9;
  private static final int TIMESTAMP = 10;
  private static final int TIMESTAMP_NTZ = 11;
  private static final int ARRAY = 12;
  private static final int BINARY = 13;

  private ByteBuffer buffer = ByteBuffer.allocate(256);

  /** Nothing yet. */
  public CanonicalBytes() {}

  /** The bytes of a row's values in order. */
  public static byte[] of(Row row) {
    CanonicalBytes bytes = new CanonicalBytes();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      bytes.add(
          value instanceof scala.collection.Seq<?> seq ? JavaConverters.seqAsJavaList(seq) : value);
    }
    return bytes.toArray();
  }

  /**
   * Appends a value.
   *
   * @throws IllegalArgumentException if Sluice has no such values
   */
  public CanonicalBytes add(@Nullable Object value) {
    if (value == null) {
      tag(NULL, 0);
    } else if (value instanceof Boolean v) {
      tag(BOOLEAN, 1).put((byte) (v ? 1 : 0));
    } else if (value instanceof Byte v) {
      tag(BYTE, 1).put(v);
    } else if (value instanceof Short v) {
      tag(SHORT, Short.BYTES).putShort(v);
    } else if (value instanceof Integer v) {
      tag(INT, Integer.BYTES).putInt(v);
    } else if (value instanceof Long v) {
      tag(LONG, Long.BYTES).putLong(v);
    } else if (value instanceof Float v) {
      tag(FLOAT, Float.BYTES).putInt(Float.floatToIntBits(v));
    } else if (value instanceof Double v) {
      tag(DOUBLE, Double.BYTES).putLong(Double.doubleToLongBits(v));
    } else if (value instanceof String v) {
      byte[] utf8 = v.getBytes(StandardCharsets.UTF_8);
      tag(STRING, Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
    } else if (value instanceof byte[] v) {
      tag(BINARY, Integer.BYTES + v.length).putInt(v.length).put(v);
    } else if (value instanceof LocalDate v) {
      tag(DATE, Long.BYTES).putLong(v.toEpochDay());
    } else if (value instanceof Instant v) {
      tag(TIMESTAMP, Long.BYTES).putLong(micros(v));
    } else if (value instanceof LocalDateTime v) {
      tag(TIMESTAMP_NTZ, Long.BYTES).putLong(micros(v.toInstant(ZoneOffset.UTC)));
    } else if (value instanceof Collection<?> v) {
      tag(ARRAY, Integer.BYTES).putInt(v.size());
      v.forEach(this::add);
    } else if (value instanceof float[] v) {
      tag(ARRAY, Integer.BYTES).putInt(v.length);
      for (float element : v) {
        add(element);
      }
    } else if (value instanceof double[] v) {
      tag(ARRAY, Integer.BYTES).putInt(v.length);
      for (double element : v) {
        add(element);
      }
    } else if (value instanceof int[] v) {
      tag(ARRAY, Integer.BYTES).putInt(v.length);
      for (int element : v) {
        add(element);
      }
    } else {
      throw new IllegalArgumentException(
          "no canonical bytes for a value of " + value.getClass().getName());
    }
    return this;
  }

  /** What was added so far. */
  public byte[] toArray() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }

  private ByteBuffer tag(int tag, int following) {
    if (buffer.remaining() <= following) {
      int size = Math.max(2 * buffer.capacity(), buffer.position() + following + 1);
      buffer = ByteBuffer.allocate(size).put(buffer.array(), 0, buffer.position());
    }
    return buffer.put((byte) tag);
  }
}
