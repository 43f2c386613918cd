package sluice.ingest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/**
 * Reads idx files of unsigned bytes, the format of MNIST (LeCun, Cortes and Burges 1998): two zero
 * bytes, 8 for unsigned bytes, the number of dimensions, each dimension in four bytes with the
 * highest first, and then the values. A file of one dimension holds labels, one of more holds
 * pictures; they belong together if their names differ in {@code labels} and {@code images} and in
 * the number of dimensions alone. Both may be compressed.
 *
 * <p>A file either is what its header says, to the last byte, or it is refused with all others that
 * are not: every byte is a valid value, so that no single record can be malformed.
 */
final class Idx {
  /** Pictures of about so many bytes are read by one task. */
  private static final long CHUNK_BYTES = 8L << 20;

  private static final int UNSIGNED_BYTE = 8;

  private Idx() {}

  /**
   * What the head of a file says.
   *
   * @param dimensions how many there are
   * @param items the first of them
   * @param itemBytes the product of the others
   */
  private record Header(int dimensions, long items, long itemBytes) implements Serializable {
    long bytes() {
      return Integer.BYTES * (1L + dimensions);
    }

    long length() {
      return bytes() + items * itemBytes;
    }
  }

  private record IdxFile(String address, Header header) implements Serializable {
    String named() {
      return SourceFiles.named(address);
    }
  }

  /**
   * Pictures that one task reads.
   *
   * @param labels null where no label is asked for
   * @param from the first picture
   * @param to the picture behind the last
   */
  private record Chunk(IdxFile pictures, @Nullable IdxFile labels, long from, long to)
      implements Serializable {}

  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    DatasetContract contract = settings.contract();
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    List<Chunk> chunks =
        chunks(files, contract.fields().stream().anyMatch(Idx::isLabel), hadoop.value());
    List<FieldType> types = contract.fields().stream().map(Field::type).toList();
    Dataset<Row> rows =
        spark.createDataFrame(
            new JavaSparkContext(spark.sparkContext())
                .parallelize(chunks, chunks.size())
                .flatMap(chunk -> new Pictures(chunk, types, hadoop.value())),
            StructType.fromDDL(contract.ddl())
                .add(DatasetContract.SOURCE, "string")
                .add(NewRows.POSITION, "bigint"));
    return new RawTable(rows, spark.createDataFrame(List.<Row>of(), SourceRows.QUARANTINED));
  }

  private static boolean isLabel(Field field) {
    return field.type() == FieldType.INT;
  }

  private static List<Chunk> chunks(
      List<SourceFile> files, boolean labelled, Configuration hadoop) {
    List<String> problems = new ArrayList<>();
    Map<String, IdxFile> pictures = new TreeMap<>();
    Map<String, IdxFile> labels = new TreeMap<>();
    for (SourceFile listed : files) {
      String address = listed.address();
      try {
        IdxFile file = new IdxFile(address, header(address, hadoop));
        Map<String, IdxFile> kind = file.header().dimensions() == 1 ? labels : pictures;
        IdxFile other = kind.put(pairName(address), file);
        if (other != null) {
          problems.add(
              "%s: must not have the same name as %s but for its number of dimensions"
                  .formatted(file.named(), other.named()));
        }
      } catch (IOException e) {
        problems.add("%s: %s".formatted(SourceFiles.named(address), e.getMessage()));
      }
    }
    List<Chunk> chunks = new ArrayList<>();
    pictures.forEach(
        (name, file) -> {
          IdxFile own = labelled ? labels.remove(name) : null;
          if (labelled && own == null) {
            problems.add(
                file.named()
                    + ": has no labels: there must be a file of one dimension with labels in its"
                    + " name in place of images");
          } else if (own != null && own.header().items() != file.header().items()) {
            problems.add(
                "%s: must have a label for each of the %,d pictures in %s, has %,d"
                    .formatted(
                        own.named(), file.header().items(), file.named(), own.header().items()));
          } else {
            addChunks(chunks, file, own, hadoop);
          }
        });
    if (labelled) {
      labels
          .values()
          .forEach(
              file -> problems.add(file.named() + ": has labels of no pictures that are read"));
    } else if (pictures.isEmpty() && problems.isEmpty()) {
      labels.values().forEach(file -> problems.add(file.named() + ": holds no pictures"));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return chunks;
  }

  private static void addChunks(
      List<Chunk> chunks, IdxFile file, @Nullable IdxFile labels, Configuration hadoop) {
    long items = file.header().items();
    // What is compressed can only be read from its beginning.
    long step =
        isCompressed(file.address(), hadoop)
            ? items
            : Math.max(1, CHUNK_BYTES / file.header().itemBytes());
    for (long from = 0; from < items; from += step) {
      chunks.add(new Chunk(file, labels, from, Math.min(items, from + step)));
    }
  }

  /** What the names of pictures and their labels have in common. */
  private static String pairName(String address) {
    return address
        .toLowerCase(Locale.ROOT)
        .replaceFirst("(images|labels)(?!.*(images|labels))", "")
        .replaceFirst("idx[0-9]+", "idx")
        .replaceFirst("\\.[a-z]+[0-9]*$", "");
  }

  /**
   * The part that a file's name speaks of, as MNIST and its kin name theirs: {@code test} for t10k
   * and test, {@code validation}, {@code train}, or null.
   */
  private static @Nullable String part(String address) {
    String name = new Path(URI.create(address)).getName().toLowerCase(Locale.ROOT);
    if (name.startsWith("t10k") || name.contains("test")) {
      return "test";
    }
    return name.contains("valid") ? "validation" : name.contains("train") ? "train" : null;
  }

  private static boolean isCompressed(String address, Configuration hadoop) {
    return SourceFiles.codec(new CompressionCodecFactory(hadoop), new Path(URI.create(address)))
        != null;
  }

  /**
   * The header of a file that is what its header says.
   *
   * @throws IOException with the reason if it is not
   */
  private static Header header(String address, Configuration hadoop) throws IOException {
    try (InputStream in = new BufferedInputStream(SourceFiles.open(address, hadoop))) {
      byte[] magic = in.readNBytes(Integer.BYTES);
      if (magic.length < Integer.BYTES
          || magic[0] != 0
          || magic[1] != 0
          || magic[2] != UNSIGNED_BYTE
          || magic[3] < 1) {
        throw new IOException(
            "must begin with the bytes 00 00 08 and the number of dimensions, as an idx file of"
                + " unsigned bytes does, begins with "
                + (magic.length == 0 ? "none" : HexFormat.ofDelimiter(" ").formatHex(magic)));
      }
      int dimensions = magic[3];
      byte[] sizes = in.readNBytes(Integer.BYTES * dimensions);
      if (sizes.length < Integer.BYTES * dimensions) {
        throw new IOException("is cut short within its header");
      }
      ByteBuffer buffer = ByteBuffer.wrap(sizes);
      long items = Integer.toUnsignedLong(buffer.getInt());
      long itemBytes = 1;
      while (buffer.hasRemaining()) {
        itemBytes =
            Math.min(Integer.MAX_VALUE, itemBytes * Integer.toUnsignedLong(buffer.getInt()));
      }
      Header header = new Header(dimensions, items, itemBytes);
      if (items == 0 || itemBytes == 0 || itemBytes == Integer.MAX_VALUE) {
        throw new IOException(
            "its header must say 1 item or more of 1 byte to 2 GiB, says %,d of %,d"
                .formatted(items, itemBytes));
      }
      checkLength(header, header.bytes() + remaining(in, address, hadoop, header.bytes()));
      return header;
    } catch (EOFException e) {
      throw new IOException("is cut short: the compressed bytes have no end", e);
    }
  }

  private static void checkLength(Header header, long length) throws IOException {
    if (length != header.length()) {
      throw new IOException(
          "%s: its header says %,d x %,d bytes, %,d with itself, and there are %,d"
              .formatted(
                  length < header.length() ? "is cut short" : "goes on behind its end",
                  header.items(),
                  header.itemBytes(),
                  header.length(),
                  length));
    }
  }

  private static long remaining(InputStream in, String address, Configuration hadoop, long read)
      throws IOException {
    if (!isCompressed(address, hadoop)) {
      Path path = new Path(URI.create(address));
      return path.getFileSystem(hadoop).getFileStatus(path).getLen() - read;
    }
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
      bytes += more;
    }
    return bytes;
  }

  /** The rows of a chunk. */
  private static final class Pictures implements Iterator<Row> {
    private final Chunk chunk;
    private final List<FieldType> types;
    private final @Nullable String part;
    private final String source;
    private final InputStream pictures;
    private final @Nullable InputStream labels;
    private long next;

    Pictures(Chunk chunk, List<FieldType> types, Configuration hadoop) throws IOException {
      this.chunk = chunk;
      this.types = types;
      this.part = part(chunk.pictures().address());
      this.source = chunk.pictures().named();
      this.next = chunk.from();
      this.pictures = open(chunk.pictures(), hadoop);
      this.labels = chunk.labels() == null ? null : open(chunk.labels(), hadoop);
    }

    private InputStream open(IdxFile file, Configuration hadoop) throws IOException {
      InputStream in = SourceFiles.open(file.address(), hadoop);
      TaskCompletionListener close =
          context -> {
            try {
              in.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(close);
      in.skipNBytes(file.header().bytes() + chunk.from() * file.header().itemBytes());
      return new BufferedInputStream(in);
    }

    @Override
    public boolean hasNext() {
      return next < chunk.to();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      next++;
      try {
        byte[] picture = read(pictures, Math.toIntExact(chunk.pictures().header().itemBytes()));
        @Nullable Integer label = labels == null ? null : read(labels, 1)[0] & 0xff;
        @Nullable Object[] values = new @Nullable Object[types.size() + 2];
        for (int i = 0; i < types.size(); i++) {
          values[i] =
              switch (types.get(i)) {
                case BINARY -> picture;
                case INT -> label;
                default -> part;
              };
        }
        values[types.size()] = source;
        values[types.size() + 1] = next;
        return RowFactory.create(values);
      } catch (IOException e) {
        throw new UncheckedIOException(source, e);
      }
    }

    private static byte[] read(InputStream in, int bytes) throws IOException {
      byte[] read = in.readNBytes(bytes);
      if (read.length < bytes) {
        throw new EOFException("the file has become shorter since it was checked");
      }
      return read;
    }
  }
}
