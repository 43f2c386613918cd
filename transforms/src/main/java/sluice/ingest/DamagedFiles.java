package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Files that cannot be read to their end. Each is looked at by one task before any of its rows is
 * taken, and is one quarantined record without a text; the others are read.
 */
final class DamagedFiles {
  private static final int BUFFER = 1 << 16;

  private DamagedFiles() {}

  /** What is wrong with a file. */
  interface Check extends Serializable {
    /** The reason why a file, given by its address, cannot be read; null if it can. */
    @Nullable String damage(String address);
  }

  /** The damaged ones of these files, as quarantined records. */
  static List<Row> among(SparkSession spark, List<SourceFile> files, Check check) {
    if (files.isEmpty()) {
      return List.of();
    }
    FlatMapFunction<String, Row> damaged =
        address -> {
          String reason = check.damage(address);
          Iterator<Row> none = List.<Row>of().iterator();
          return reason == null ? none : List.of(record(address, reason)).iterator();
        };
    return spark
        .createDataset(files.stream().map(SourceFile::address).toList(), Encoders.STRING())
        .repartition(Math.min(files.size(), 2 * spark.sparkContext().defaultParallelism()))
        .flatMap(damaged, Encoders.row(SourceRows.QUARANTINED))
        .collectAsList();
  }

  /**
   * Those of the compressed files among these that do not decompress to their end. They are
   * decompressed once for that: damage shows at a file's end, when a task that reads it has handed
   * on the rows before.
   */
  static List<Row> compressed(SparkSession spark, List<SourceFile> files) {
    Configuration hadoop = SourceFiles.reading(spark.sessionState().newHadoopConf());
    CompressionCodecFactory codecs = new CompressionCodecFactory(hadoop);
    SerializableConfiguration shared = new SerializableConfiguration(hadoop);
    return among(
        spark,
        files.stream().filter(file -> SourceFiles.codec(codecs, file.path()) != null).toList(),
        address -> damage(address, shared.value()));
  }

  private static @Nullable String damage(String address, Configuration hadoop) {
    byte[] buffer = new byte[BUFFER];
    try (InputStream bytes = SourceFiles.open(address, hadoop)) {
      while (bytes.read(buffer) >= 0) {
        // Only whether it can be read matters.
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return "cannot be decompressed to its end: " + firstLine(e);
    }
  }

  /** A file as a quarantined record. */
  static Row record(String address, String reason) {
    return RowFactory.create(SourceFiles.named(address), null, null, reason);
  }

  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
