package sluice.ingest;

import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * What is known of a file before its records are read.
 *
 * @param columns the names that its header or its footer has, in order; none of JSON, of idx and of
 *     CSV without a header
 * @param widths of CSV without a header, how many fields its first well-formed records have, each
 *     number once
 * @param schema of Parquet; null of others, and if the file is damaged
 * @param problem why nothing is read while the file is there; null if it may be there
 * @param damage why the file is one quarantined record; null if it is not known to be one
 * @param charset the name of the encoding of lines of text, as the file's beginning shows it; null
 *     of other formats
 */
record FileHead(
    List<String> columns,
    List<Integer> widths,
    @Nullable MessageType schema,
    @Nullable String problem,
    @Nullable String damage,
    @Nullable String charset) {
  /** A look waits for the storage, so that many fit on few cores. */
  private static final int MOST_AT_ONCE = 32;

  /** A file of which nothing is to be known before it is read. */
  static final FileHead UNKNOWN = new FileHead(List.of(), List.of(), null, null, null, null);

  FileHead {
    columns = List.copyOf(columns);
    widths = List.copyOf(widths);
  }

  static FileHead ofHeader(List<String> columns) {
    return new FileHead(columns, List.of(), null, null, null, null);
  }

  static FileHead ofWidths(List<Integer> widths) {
    return new FileHead(List.of(), widths, null, null, null, null);
  }

  static FileHead ofSchema(MessageType schema) {
    List<String> columns = schema.getFields().stream().map(Type::getName).toList();
    return new FileHead(columns, List.of(), schema, null, null, null);
  }

  static FileHead ofCharset(Charset charset) {
    return new FileHead(List.of(), List.of(), null, null, null, charset.name());
  }

  static FileHead ofProblem(String problem) {
    return new FileHead(List.of(), List.of(), null, problem, null, null);
  }

  static FileHead ofFailure(Exception failure) {
    Throwable cause = failure.getCause();
    return ofProblem(
        "cannot be read: "
            + (failure instanceof UncheckedIOException && cause != null
                ? cause.getMessage()
                : failure.getMessage()));
  }

  static FileHead ofDamage(String damage) {
    return new FileHead(List.of(), List.of(), null, null, damage, null);
  }

  /** The heads of files, in their order. Each file is opened once, many at a time. */
  static Map<SourceFile, FileHead> of(
      SparkSession spark, IngestSettings settings, FileSource source, List<SourceFile> files) {
    Configuration hadoop = SourceFiles.reading(spark.sessionState().newHadoopConf());
    return each(files, file -> source.head(file, settings, hadoop));
  }

  /**
   * Refuses a source.
   *
   * @throws InvalidInput (data) if a file has a problem, with each
   */
  static void requireNoProblem(Map<SourceFile, FileHead> files) {
    List<String> problems = new ArrayList<>();
    files.forEach(
        (file, head) -> {
          if (head.problem() != null) {
            problems.add(file.named() + ": " + head.problem());
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static Map<SourceFile, FileHead> each(
      List<SourceFile> files, Function<SourceFile, FileHead> look) {
    Map<SourceFile, FileHead> heads = new LinkedHashMap<>();
    if (files.isEmpty()) {
      return heads;
    }
    // Most files of a source are alike, and a schema is large.
    Map<FileHead, FileHead> alike = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(files.size(), MOST_AT_ONCE));
    try {
      List<Future<FileHead>> looks = new ArrayList<>();
      for (SourceFile file : files) {
        looks.add(
            threads.submit(
                () -> {
                  FileHead head = look.apply(file);
                  return alike.computeIfAbsent(head, same -> same);
                }));
      }
      for (int i = 0; i < looks.size(); i++) {
        heads.put(files.get(i), looks.get(i).get());
      }
      return heads;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while files are looked at", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a file cannot be looked at", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
