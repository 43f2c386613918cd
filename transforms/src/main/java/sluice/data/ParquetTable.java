package sluice.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet tables that anybody may have written, read by the types that Parquet itself knows. Where
 * Spark looks for a schema by itself, it takes the one that it once left as JSON in a footer, and
 * makes an object of whatever class is named there as a user-defined type.
 */
public final class ParquetTable {
  /** Whether Spark takes a path for a pattern. */
  private static final String PATTERNS = "__globPaths__";

  private ParquetTable() {}

  /**
   * A table.
   *
   * @param path of a directory or a file, or a pattern of such; what has the very name of a pattern
   *     is meant before what it matches
   * @throws InvalidInput (data) if what lies there first is no Parquet file
   */
  public static Dataset<Row> read(SparkSession spark, String path) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    try {
      Path named = new Path(path);
      FileSystem files = named.getFileSystem(hadoop);
      boolean pattern = !files.exists(named);
      FileStatus[] found =
          pattern ? files.globStatus(named) : new FileStatus[] {files.getFileStatus(named)};
      Optional<FileStatus> file = found == null ? Optional.empty() : firstFile(files, found);
      DataFrameReader reader = spark.read().option(PATTERNS, pattern);
      // Where there is none, Spark has no footer to look at, and says what is wrong.
      return file.isEmpty()
          ? reader.parquet(path)
          : reader.schema(schema(file.get().getPath(), spark, hadoop)).parquet(path);
    } catch (IOException e) {
      throw InvalidInput.data("%s: must be a Parquet table: %s".formatted(path, e.getMessage()));
    }
  }

  private static StructType schema(Path file, SparkSession spark, Configuration hadoop)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      return new ParquetToSparkSchemaConverter(spark.sessionState().conf())
          .convert(reader.getFooter().getFileMetaData().getSchema());
    } catch (RuntimeException e) {
      throw InvalidInput.data("%s: must be a Parquet file: %s".formatted(file, e.getMessage()));
    }
  }

  private static Optional<FileStatus> firstFile(FileSystem files, FileStatus... entries)
      throws IOException {
    Arrays.sort(entries, Comparator.comparing(FileStatus::getPath));
    for (FileStatus entry : entries) {
      Optional<FileStatus> first = Optional.of(entry);
      if (entry.isDirectory()) {
        first = firstFile(files, visible(files, entry.getPath()));
      }
      if (first.isPresent()) {
        return first;
      }
    }
    return Optional.empty();
  }

  /** What Spark reads of a directory. */
  private static FileStatus[] visible(FileSystem files, Path directory) throws IOException {
    try {
      return files.listStatus(
          directory,
          entry ->
              !entry.getName().startsWith(".")
                  && (!entry.getName().startsWith("_") || entry.getName().contains("=")));
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
