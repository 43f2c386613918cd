package sluice.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.TimeRange;

/**
 * Decodes each value of a Parquet file once, before any of its rows is taken: an index beyond its
 * dictionary or a time beyond Spark's would fail a task in the midst of its rows. The checksums of
 * its pages are verified, which Spark does not do: damage that can be decoded would else be values.
 *
 * @param columns those to read, the contract's among them
 * @param contract the columns whose values must be what text of their type can be
 */
record ParquetCheck(Set<String> columns, DatasetContract contract) implements Serializable {
  private static final long FIRST_DAY = TimeRange.FIRST_DAY.toEpochDay();
  private static final long END_DAY = TimeRange.END.toEpochDay();
  private static final long MICROS_A_DAY = 86_400_000_000L;
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  ParquetCheck {
    columns = Set.copyOf(columns);
  }

  /**
   * What a file without damage holds.
   *
   * @param file its name for people
   * @param malformed whether a value of the contract's columns is none of its type
   * @param vectorised whether Spark's vectorised reader knows the encodings of all that is read
   */
  record Content(String file, boolean malformed, boolean vectorised) implements Serializable {}

  /**
   * Reads a file to its end.
   *
   * @param address of the file
   * @throws RuntimeException or IOException if it is damaged; its message says how
   */
  Content content(String address, Configuration hadoop) throws IOException {
    String file = SourceFiles.named(address);
    try (ParquetFileReader reader = open(address, hadoop)) {
      ParquetMetadata footer = reader.getFooter();
      MessageType all = footer.getFileMetaData().getSchema();
      List<Type> wanted =
          all.getFields().stream().filter(type -> columns.contains(type.getName())).toList();
      if (wanted.isEmpty()) {
        return new Content(file, false, true);
      }
      MessageType schema = new MessageType(all.getName(), wanted);
      reader.setRequestedSchema(schema);
      boolean malformed = false;
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        for (ColumnDescriptor column : schema.getColumns()) {
          malformed |= isMalformed(group, schema, column, footer.getFileMetaData().getCreatedBy());
        }
      }
      boolean vectorised =
          footer.getBlocks().stream()
              .flatMap(block -> block.getColumns().stream())
              .filter(chunk -> columns.contains(chunk.getPath().toArray()[0]))
              .noneMatch(chunk -> chunk.getEncodings().contains(Encoding.BYTE_STREAM_SPLIT));
      return new Content(file, malformed, vectorised);
    }
  }

  static ParquetFileReader open(String address, Configuration hadoop) throws IOException {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(new Path(URI.create(address)), hadoop),
        ParquetReadOptions.builder().usePageChecksumVerification().build());
  }

  private boolean isMalformed(
      PageReadStore group, MessageType schema, ColumnDescriptor column, String writer) {
    String name = column.getPath()[0];
    Values values = new Values(column, contract.has(name) ? contract.type(name) : null);
    try {
      ColumnReader reader =
          new ColumnReadStoreImpl(group, path(column.getPath().length, values), schema, writer)
              .getColumnReader(column);
      for (long left = group.getPageReader(column).getTotalValueCount(); left > 0; left--) {
        if (reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
          reader.writeCurrentValueToConverter();
        }
        reader.consume();
      }
      return values.malformed;
    } catch (RuntimeException e) {
      throw new ParquetDecodingException(
          "column %s: %s".formatted(name, DamagedFiles.firstLine(e)), e);
    }
  }

  /** What leads to the converter of a column so far below. */
  private static GroupConverter path(int depth, PrimitiveConverter values) {
    return new GroupConverter() {
      @Override
      public Converter getConverter(int field) {
        return depth == 1 ? values : path(depth - 1, values);
      }

      @Override
      public void start() {}

      @Override
      public void end() {}
    };
  }

  /**
   * Looks at the values of a column. Which are malformed {@link ParquetValues} says too, row by row
   * for files that have one: what is changed here must be changed there.
   */
  private static final class Values extends PrimitiveConverter {
    private final PrimitiveTypeName stored;
    private final boolean millis;
    private final @Nullable FieldType type;
    private final BitSet seen = new BitSet();
    private @Nullable Dictionary dictionary;
    private boolean malformed;

    /**
     * @param type the type that values must be of; null if any do
     */
    Values(ColumnDescriptor column, @Nullable FieldType type) {
      this.stored = column.getPrimitiveType().getPrimitiveTypeName();
      this.millis =
          column.getPrimitiveType().getLogicalTypeAnnotation()
                  instanceof TimestampLogicalTypeAnnotation time
              && time.getUnit() == TimeUnit.MILLIS;
      this.type = type;
    }

    @Override
    public boolean hasDictionarySupport() {
      return true;
    }

    @Override
    public void setDictionary(Dictionary own) {
      dictionary = own;
      seen.clear();
    }

    @Override
    public void addValueFromDictionary(int id) {
      Dictionary own = dictionary;
      if (own == null || id < 0 || id > own.getMaxId()) {
        throw new ParquetDecodingException(
            "index %d of a dictionary of %d values"
                .formatted(id, own == null ? 0 : own.getMaxId() + 1));
      }
      if (seen.get(id)) {
        return;
      }
      seen.set(id);
      switch (stored) {
        case INT32 -> addInt(own.decodeToInt(id));
        case INT64 -> addLong(own.decodeToLong(id));
        case BINARY, INT96 -> addBinary(own.decodeToBinary(id));
        default -> {}
      }
    }

    @Override
    public void addInt(int value) {
      malformed |= type == FieldType.DATE && (value < FIRST_DAY || value >= END_DAY);
    }

    @Override
    public void addLong(long value) {
      if (millis) {
        addMicros(multiplied(value, 1000, 0));
      } else {
        addMicros(value);
      }
    }

    @Override
    public void addBinary(Binary value) {
      if (stored == PrimitiveTypeName.INT96) {
        ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong();
        addMicros(multiplied(bytes.getInt() - JULIAN_DAY_OF_1970, MICROS_A_DAY, nanos / 1000));
      } else if (type == FieldType.STRING) {
        byte[] bytes = value.getBytesUnsafe();
        String text = new String(bytes, StandardCharsets.UTF_8);
        malformed |=
            text.indexOf('\uFFFD') >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
      }
    }

    @Override
    public void addBoolean(boolean value) {}

    @Override
    public void addFloat(float value) {}

    @Override
    public void addDouble(double value) {}

    private void addMicros(long value) {
      malformed |=
          (type == FieldType.TIMESTAMP || type == FieldType.TIMESTAMP_NTZ)
              && (value < FIRST_DAY * MICROS_A_DAY || value >= END_DAY * MICROS_A_DAY);
    }

    private static long multiplied(long value, long micros, long added) {
      try {
        return Math.addExact(Math.multiplyExact(value, micros), added);
      } catch (ArithmeticException e) {
        throw new ParquetDecodingException(
            "%d times %d microseconds are beyond all timestamps".formatted(value, micros), e);
      }
    }
  }
}
