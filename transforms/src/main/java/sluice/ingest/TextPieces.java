package sluice.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Pieces of files. Files are cut, and small pieces share a task, by the sizes that Spark's own
 * readers go by.
 */
final class TextPieces {
  private TextPieces() {}

  /** Pieces to be read, which are asked for when they are. */
  static JavaRDD<TextPiece> toRead(SparkSession spark, Supplier<List<TextPiece>> pieces) {
    return new Shares<>(spark, TextPiece.class, () -> packed(spark, pieces.get()), TextPiece::hosts)
        .toJavaRDD();
  }

  /**
   * Cuts files. One that is compressed, or whose records are not lines, is one piece.
   *
   * @return the pieces of a file one after the other
   */
  static List<TextPiece> cut(SparkSession spark, List<SourceFile> files, TextFormat format) {
    Configuration hadoop = SourceFiles.reading(spark.sessionState().newHadoopConf());
    CompressionCodecFactory codecs = new CompressionCodecFactory(hadoop);
    long pieceBytes = bytes(spark, files.stream().mapToLong(SourceFile::bytes));
    List<TextPiece> pieces = new ArrayList<>();
    for (SourceFile file : files) {
      boolean whole = !isCutIntoLines(format) || SourceFiles.codec(codecs, file.path()) != null;
      long step = whole ? file.bytes() : pieceBytes;
      BlockLocation[] blocks =
          ListedFiles.located(file, hadoop) instanceof LocatedFileStatus status
              ? status.getBlockLocations()
              : new BlockLocation[0];
      for (long from = 0; from < file.bytes(); from += step) {
        pieces.add(
            new TextPiece(
                pieces.size(),
                file.address(),
                from,
                Math.min(step, file.bytes() - from),
                0,
                hosts(blocks, from)));
      }
    }
    return pieces;
  }

  /** Whether records are lines, and what ends a line is the same bytes as in ASCII. */
  static boolean isCutIntoLines(TextFormat format) {
    String ends = "\r\n" + (format.lineSeparator() == null ? "" : format.lineSeparator());
    return !format.isMultiLine()
        && Arrays.equals(ends.getBytes(format.charset()), ends.getBytes(StandardCharsets.UTF_8));
  }

  /** How much a task reads. */
  private static long bytes(SparkSession spark, LongStream lengths) {
    SQLConf conf = spark.sessionState().conf();
    int tasks = (int) conf.filesMinPartitionNum().getOrElse(spark::leafNodeDefaultParallelism);
    long all = lengths.map(length -> length + conf.filesOpenCostInBytes()).sum();
    return Math.min(
        conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), all / tasks));
  }

  private static List<String> hosts(BlockLocation[] blocks, long from) {
    return Arrays.stream(blocks)
        .filter(b -> b.getOffset() <= from && from < b.getOffset() + b.getLength())
        .flatMap(TextPieces::hosts)
        .filter(host -> !host.equals("localhost"))
        .toList();
  }

  private static Stream<String> hosts(BlockLocation block) {
    try {
      return Arrays.stream(block.getHosts());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pieces that each task reads. */
  private static List<List<TextPiece>> packed(SparkSession spark, List<TextPiece> pieces) {
    List<TextPiece> largestFirst = new ArrayList<>(pieces);
    largestFirst.sort(Comparator.comparingLong(TextPiece::length).reversed());
    long most = bytes(spark, largestFirst.stream().mapToLong(TextPiece::length));
    List<List<TextPiece>> shares = new ArrayList<>();
    long filled = most;
    for (TextPiece piece : largestFirst) {
      if (filled + piece.length() > most) {
        shares.add(new ArrayList<>());
        filled = 0;
      }
      shares.get(shares.size() - 1).add(piece);
      filled += piece.length() + spark.sessionState().conf().filesOpenCostInBytes();
    }
    return shares;
  }
}
