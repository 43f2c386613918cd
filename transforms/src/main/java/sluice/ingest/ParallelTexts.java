package sluice.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.ingest.ParallelFiles.ParallelFile;
import sluice.ingest.TextRecords.Position;

/**
 * The rows of files whose lines belong together. A task reads such files side by side from their
 * beginning and holds a line of each. The tasks that read the rows note which files hold a
 * malformed line, so that only these are read again for the quarantine. Who asks for that first has
 * the rows read before.
 */
final class ParallelTexts {
  private final SparkSession spark;
  private final List<ParallelFiles> all;
  private final List<String> columns;
  private final int most;
  private final CollectionAccumulator<Tally> tallies;

  /** What is known of files that were read to their end. */
  private record Tally(int files, boolean malformed) implements Serializable {}

  /**
   * Files to be read.
   *
   * @param columns to make, of those of the files
   * @param most characters that a line may have
   */
  ParallelTexts(SparkSession spark, List<ParallelFiles> all, List<String> columns, int most) {
    this.spark = spark;
    this.all = all;
    this.columns = columns;
    this.most = most;
    this.tallies = spark.sparkContext().collectionAccumulator();
  }

  /** The rows with the source of their first column and {@link NewRows#POSITION}, the line. */
  RawTable table() {
    StructType rows =
        new StructType().add(DatasetContract.SOURCE, "string").add(NewRows.POSITION, "bigint");
    for (String column : columns) {
      rows = rows.add(column, "string");
    }
    Dataset<Row> read = through(() -> all, false, rows);
    return new RawTable(read, through(() -> malformed(read), true, SourceRows.QUARANTINED));
  }

  private Dataset<Row> through(
      Supplier<List<ParallelFiles>> wanted, boolean quarantine, StructType schema) {
    List<String> names = columns;
    int characters = most;
    CollectionAccumulator<Tally> into = tallies;
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    FlatMapFunction<ParallelFiles, Row> read =
        files -> new Rows(files, names, characters, quarantine, into, hadoop.value());
    Supplier<List<List<ParallelFiles>>> shares =
        () -> Shares.packed(spark, wanted.get(), ParallelFiles::bytes);
    return spark.createDataFrame(
        new Shares<>(spark, ParallelFiles.class, shares, files -> List.of())
            .toJavaRDD()
            .flatMap(read),
        schema);
  }

  private List<ParallelFiles> malformed(Dataset<Row> rows) {
    if (tallies.value().stream().map(Tally::files).distinct().count() < all.size()) {
      rows.count();
    }
    Set<Integer> malformed = new HashSet<>();
    tallies.value().stream()
        .filter(Tally::malformed)
        .forEach(tally -> malformed.add(tally.files()));
    return all.stream().filter(files -> malformed.contains(files.index())).toList();
  }

  /** The lines of a file, of which those of white space are passed over. */
  private static final class Lines {
    private final ParallelFile file;
    private final LineFormat format;
    private final TextRecords records;
    private @Nullable TextRecord next;

    Lines(ParallelFile file, int most, Configuration hadoop) throws IOException {
      this.file = file;
      this.format = new LineFormat(file.encoding(), most);
      this.records =
          new TextRecords(
              new TextPiece(0, file.address(), 0, file.bytes(), 0, List.of()),
              format,
              Position.LINE,
              hadoop);
      advance();
    }

    void advance() {
      next = records.hasNext() ? records.next() : null;
    }

    /** The number of the next line. */
    long line() {
      return next == null ? Long.MAX_VALUE : next.line();
    }

    /** How many lines there are, once they are read. */
    long count() {
      return records.positions();
    }
  }

  /** The rows of files that belong together, or the malformed ones. */
  private static final class Rows extends FoundRows {
    private final ParallelFiles files;
    private final List<String> columns;
    private final boolean quarantine;
    private final CollectionAccumulator<Tally> tallies;
    private final List<Lines> lines = new ArrayList<>();
    private boolean malformed;

    Rows(
        ParallelFiles files,
        List<String> columns,
        int most,
        boolean quarantine,
        CollectionAccumulator<Tally> tallies,
        Configuration hadoop) {
      this.files = files;
      this.columns = columns;
      this.quarantine = quarantine;
      this.tallies = tallies;
      try {
        for (ParallelFile file : files.files()) {
          lines.add(new Lines(file, most, hadoop));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The number of the next line of any file. */
    private long line() {
      return lines.stream().mapToLong(Lines::line).min().orElse(Long.MAX_VALUE);
    }

    @Override
    boolean hasMore() {
      return line() < Long.MAX_VALUE;
    }

    /** The row of a line; null if it belongs to the other table. */
    @Override
    @Nullable Row look() {
      long line = line();
      @Nullable Object[] row = new @Nullable Object[2 + columns.size()];
      row[0] = files.files().get(0).named();
      row[1] = line;
      Row faulty = null;
      for (Lines each : lines) {
        TextRecord record = each.next;
        if (record == null || record.line() != line) {
          continue;
        }
        @Nullable Object[] value = new @Nullable Object[1];
        String reason =
            record.fault() == null ? each.format.parse(record.text(), value) : record.fault();
        if (reason != null && faulty == null) {
          faulty =
              RowFactory.create(
                  each.file.named(),
                  line,
                  TextRecords.shown(record.text()),
                  TextRecords.shown(reason));
        }
        int column = columns.indexOf(each.file.column());
        if (column >= 0) {
          row[2 + column] = value[0];
        }
        each.advance();
      }
      malformed |= faulty != null;
      if (quarantine) {
        return faulty;
      }
      return faulty == null ? RowFactory.create(row) : null;
    }

    @Override
    void end() {
      if (lines.stream().mapToLong(Lines::count).distinct().count() > 1) {
        throw InvalidInput.data(
            "files that belong together must have as many lines, got %s"
                .formatted(
                    lines.stream()
                        .map(each -> "%s in %s".formatted(each.count(), each.file.named()))
                        .collect(Collectors.joining(", "))));
      }
      tallies.add(new Tally(files.index(), malformed));
    }
  }
}
