package sluice.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The lines of text files with their numbers. A large file is cut into pieces that are read side by
 * side, as Spark's own readers do it; the lines of all its pieces but the last are counted first.
 */
final class NumberedLines {
  /** The file's address. */
  static final String ADDRESS = "_address";

  /** The number of the line among those of its file that count, from 1. */
  static final String NUMBER = "_line";

  /** The line's bytes, without its end and without the byte order mark of UTF-8. */
  static final String BYTES = "_bytes";

  private static final StructType SCHEMA =
      StructType.fromDDL("%s string, %s bigint, %s binary".formatted(ADDRESS, NUMBER, BYTES));

  private NumberedLines() {}

  /**
   * A piece of a file. It holds the lines that begin in it, as Hadoop cuts them.
   *
   * @param before how many lines of the file lie before it
   */
  private record Piece(String address, long from, long length, long before)
      implements Serializable {
    Piece after(long lines) {
      return new Piece(address, from, length, lines);
    }
  }

  /**
   * Every line of the files, in one row each.
   *
   * @param separator what ends a line; without it any of LF, CR LF and CR does
   */
  static Dataset<Row> all(SparkSession spark, List<String> files, Optional<byte[]> separator) {
    return of(spark, files, new Cut(separator.orElse(new byte[0]), true));
  }

  /** Every line that is not blank; blank ones are not counted. */
  static Dataset<Row> notBlank(SparkSession spark, List<String> files, Optional<byte[]> separator) {
    return of(spark, files, new Cut(separator.orElse(new byte[0]), false));
  }

  /**
   * What counts as a line.
   *
   * @param separator empty for any of LF, CR LF and CR
   * @param blank whether a blank line does
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cut(byte[] separator, boolean blank) implements Serializable {}

  private static Dataset<Row> of(SparkSession spark, List<String> files, Cut cut) {
    long pieceBytes = spark.sessionState().conf().filesMaxPartitionBytes();
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    List<Piece> pieces = new ArrayList<>();
    files.forEach(file -> pieces.addAll(pieces(file, hadoop.value(), pieceBytes)));
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    List<Piece> followed = new ArrayList<>();
    for (int i = 0; i + 1 < pieces.size(); i++) {
      if (pieces.get(i + 1).from() > 0) {
        followed.add(pieces.get(i));
      }
    }
    Iterator<Long> counts =
        followed.isEmpty()
            ? List.<Long>of().iterator()
            : context
                .parallelize(followed, followed.size())
                .map(piece -> count(new Lines(piece, cut, hadoop.value())))
                .collect()
                .iterator();
    List<Piece> numbered = new ArrayList<>();
    long lines = 0;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      lines = piece.from() == 0 ? 0 : lines + counts.next();
      numbered.add(piece.after(lines));
    }
    return spark.createDataFrame(
        context
            .parallelize(numbered, Math.max(1, numbered.size()))
            .flatMap(piece -> new Lines(piece, cut, hadoop.value())),
        SCHEMA);
  }

  private static List<Piece> pieces(String address, Configuration hadoop, long pieceBytes) {
    Path path = new Path(URI.create(address));
    long length;
    try {
      length = path.getFileSystem(hadoop).getFileStatus(path).getLen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // What is compressed can only be read from its beginning.
    boolean whole = new CompressionCodecFactory(hadoop).getCodec(path) != null;
    long step = whole ? Math.max(1, length) : pieceBytes;
    List<Piece> pieces = new ArrayList<>();
    for (long from = 0; from < length; from += step) {
      pieces.add(new Piece(address, from, Math.min(step, length - from), 0));
    }
    return pieces;
  }

  private static long count(Iterator<Row> lines) {
    long count = 0;
    while (lines.hasNext()) {
      lines.next();
      count++;
    }
    return count;
  }

  /** The lines of a piece, read by a task. */
  private static final class Lines implements Iterator<Row> {
    private final Piece piece;
    private final Cut cut;
    private final LineRecordReader reader;
    private long number;
    private boolean there;

    Lines(Piece piece, Cut cut, Configuration hadoop) throws IOException {
      byte[] separator = cut.separator();
      this.piece = piece;
      this.cut = cut;
      this.number = piece.before();
      this.reader =
          separator.length == 0 ? new LineRecordReader() : new LineRecordReader(separator);
      TaskCompletionListener close =
          context -> {
            try {
              reader.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(close);
      reader.initialize(
          new FileSplit(
              new Path(URI.create(piece.address())), piece.from(), piece.length(), new String[0]),
          new TaskAttemptContextImpl(
              hadoop, new TaskAttemptID(new TaskID(new JobID(), TaskType.MAP, 0), 0)));
      advance();
    }

    private void advance() throws IOException {
      do {
        there = reader.nextKeyValue();
      } while (there && !cut.blank() && isBlank(reader.getCurrentValue()));
      number++;
    }

    private static boolean isBlank(Text line) {
      for (int i = 0; i < line.getLength(); i++) {
        if (line.getBytes()[i] < 0 || line.getBytes()[i] > ' ') {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean hasNext() {
      return there;
    }

    @Override
    public Row next() {
      if (!there) {
        throw new NoSuchElementException();
      }
      try {
        byte[] line =
            Arrays.copyOf(
                reader.getCurrentValue().getBytes(), reader.getCurrentValue().getLength());
        Row row = RowFactory.create(piece.address(), number, line);
        advance();
        return row;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
