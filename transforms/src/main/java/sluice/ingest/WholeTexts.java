package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.ingest.text.FileReading;
import sluice.ingest.text.TextContent;

/**
 * The rows of files that hold one text each. A task holds one file at a time. The tasks that read
 * the rows note the encodings, and which files are no texts, so that only these are opened again
 * for the quarantine. Who asks for that first has the rows read before.
 */
final class WholeTexts {
  private final SparkSession spark;
  private final FileReading reading;
  private final List<String> columns;
  private final DatasetContract contract;
  private final List<List<TextFile>> shares;
  private final CollectionAccumulator<Tally> tallies;

  /**
   * A file to read.
   *
   * @param index among the files of the source
   * @param label what its folder says; null if it lies in none
   */
  private record TextFile(int index, String address, @Nullable String label, long bytes)
      implements Serializable {}

  /**
   * What is known of a share that was read to its end.
   *
   * @param encodings how many files are of which
   * @param faulty the files that are no texts, by index
   */
  private record Tally(int share, Map<String, Integer> encodings, Set<Integer> faulty)
      implements Serializable {}

  /**
   * Files to be read, one at least.
   *
   * @param contract the columns to make, of those that the reading makes and {@link
   *     TextSource#LABEL}
   */
  WholeTexts(
      SparkSession spark,
      FileReading reading,
      DatasetContract contract,
      Collection<SourceFile> files) {
    this.spark = spark;
    this.reading = reading;
    this.contract = contract;
    this.columns = contract.names();
    List<TextFile> listed = new ArrayList<>();
    for (SourceFile file : files) {
      listed.add(
          new TextFile(
              listed.size(), file.address(), WholeTextSource.label(file.name()), file.bytes()));
    }
    this.shares = Shares.packed(spark, listed, TextFile::bytes);
    this.tallies = spark.sparkContext().collectionAccumulator();
  }

  /** The rows with their source and {@link NewRows#POSITION}. */
  RawTable table() {
    Dataset<Row> rows =
        through(
            () -> shares,
            false,
            StructType.fromDDL(
                "%s string, %s bigint, %s"
                    .formatted(DatasetContract.SOURCE, NewRows.POSITION, contract.ddl())));
    Dataset<Row> faulty = through(() -> faulty(rows), true, SourceRows.QUARANTINED);
    return new RawTable(rows, faulty);
  }

  private Dataset<Row> through(
      Supplier<List<List<TextFile>>> wanted, boolean quarantine, StructType schema) {
    FileReading how = reading;
    List<String> names = columns;
    CollectionAccumulator<Tally> into = tallies;
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    Function2<Integer, Iterator<TextFile>, Iterator<Row>> read =
        (share, files) ->
            quarantine
                ? new Quarantined(files, how, hadoop.value())
                : new Rows(files, how, hadoop.value(), names, share, into);
    // Where the bytes of a small file lie saves little of what it takes to open it.
    return spark.createDataFrame(
        new Shares<>(spark, TextFile.class, wanted, file -> List.of())
            .toJavaRDD()
            .mapPartitionsWithIndex(read, false),
        schema);
  }

  /** The files that are no texts, each share of them as it was. */
  private List<List<TextFile>> faulty(Dataset<Row> rows) {
    if (tallied().size() < shares.size()) {
      rows.count();
    }
    Set<Integer> faulty = new HashSet<>();
    tallied().values().forEach(tally -> faulty.addAll(tally.faulty()));
    return shares.stream()
        .map(files -> files.stream().filter(file -> faulty.contains(file.index())).toList())
        .filter(files -> !files.isEmpty())
        .toList();
  }

  /** A share may be read several times, and always says the same. */
  private Map<Integer, Tally> tallied() {
    Map<Integer, Tally> byShare = new HashMap<>();
    tallies.value().forEach(tally -> byShare.put(tally.share(), tally));
    return byShare;
  }

  /** How many files were found to be of which encoding, once the rows were computed. */
  static Map<String, Integer> encodings(List<WholeTexts> all) {
    Map<String, Integer> encodings = new TreeMap<>();
    for (WholeTexts texts : all) {
      for (Tally tally : texts.tallied().values()) {
        tally.encodings().forEach((name, n) -> encodings.merge(name, n, Integer::sum));
      }
    }
    return encodings;
  }

  private static TextContent content(
      TextFile file, FileReading reading, SourceFiles.Opener opener) {
    try (InputStream in = opener.open(file.address())) {
      return reading.read(in.readNBytes(reading.mostBytes() + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(SourceFiles.named(file.address()), e);
    }
  }

  /** What is made of files, one after the other. */
  private abstract static class OfFiles extends FoundRows {
    private final Iterator<TextFile> files;
    private final FileReading reading;
    private final SourceFiles.Opener opener;
    private final TaskContext task = TaskContext.get();

    OfFiles(Iterator<TextFile> files, FileReading reading, Configuration hadoop) {
      this.files = files;
      this.reading = reading;
      this.opener = new SourceFiles.Opener(hadoop);
    }

    /** The row of a file; null if there is none. */
    abstract @Nullable Row row(TextFile file, TextContent content);

    @Override
    final boolean hasMore() {
      return files.hasNext();
    }

    @Override
    final @Nullable Row look() {
      task.killTaskIfInterrupted();
      TextFile file = files.next();
      return row(file, content(file, reading, opener));
    }
  }

  /** The rows of files that are texts. */
  private static final class Rows extends OfFiles {
    private final List<String> columns;
    private final int share;
    private final CollectionAccumulator<Tally> tallies;
    private final Map<String, Integer> encodings = new HashMap<>();
    private final Set<Integer> faulty = new HashSet<>();

    Rows(
        Iterator<TextFile> files,
        FileReading reading,
        Configuration hadoop,
        List<String> columns,
        int share,
        CollectionAccumulator<Tally> tallies) {
      super(files, reading, hadoop);
      this.columns = columns;
      this.share = share;
      this.tallies = tallies;
    }

    @Override
    @Nullable Row row(TextFile file, TextContent content) {
      if (content.fault() != null) {
        faulty.add(file.index());
        return null;
      }
      if (!content.encoding().isEmpty()) {
        encodings.merge(content.encoding(), 1, Integer::sum);
      }
      @Nullable Object[] row = new @Nullable Object[2 + columns.size()];
      row[0] = SourceFiles.named(file.address());
      row[1] = 1L;
      for (int i = 0; i < columns.size(); i++) {
        String column = columns.get(i);
        row[2 + i] = column.equals(TextSource.LABEL) ? file.label() : content.values().get(column);
      }
      return RowFactory.create(row);
    }

    @Override
    void end() {
      tallies.add(new Tally(share, encodings, faulty));
    }
  }

  /** The files that are no texts, as quarantined records. */
  private static final class Quarantined extends OfFiles {
    Quarantined(Iterator<TextFile> files, FileReading reading, Configuration hadoop) {
      super(files, reading, hadoop);
    }

    @Override
    @Nullable Row row(TextFile file, TextContent content) {
      return content.fault() == null
          ? null
          : RowFactory.create(
              SourceFiles.named(file.address()), 1L, content.begin(), content.fault());
    }

    @Override
    void end() {}
  }
}
