package sluice.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
import sluice.data.FieldType;
import sluice.ingest.TextRecords.Position;

/**
 * The rows of files of text: the well-formed records, and the malformed ones with their positions
 * and reasons. The tasks that read the rows note how many positions each piece of a file holds and
 * whether a malformed record is among them, so that the malformed records are found by reading only
 * such pieces again. Who asks for them first has the rows read for that.
 */
final class TextRows {
  /** Makes rows of the records of a piece. */
  interface Work extends Serializable {
    Iterator<Row> rows(TextRecords records);
  }

  /** What the row of a record holds. */
  private enum Content {
    VALUES,
    PLACE_AND_VALUES,
    MALFORMED
  }

  /** What is known of a piece that was read to its end. */
  private record Tally(int piece, long positions, boolean malformed) implements Serializable {}

  private final SparkSession spark;
  private final TextFormat format;
  private final List<TextPiece> pieces;

  TextRows(SparkSession spark, List<SourceFile> files, TextFormat format) {
    this.spark = spark;
    this.format = format;
    this.pieces = TextPieces.cut(spark, files, format);
  }

  /** Why files of text cannot give these columns. */
  static List<String> problems(String format, DatasetContract columns) {
    return columns.fields().stream()
        .filter(field -> field.type() == FieldType.BINARY)
        .map(
            field ->
                "column %s must not be binary, which %s cannot hold"
                    .formatted(field.name(), format))
        .toList();
  }

  /** The rows with their source; the position of a malformed record is its line. */
  RawTable table(DatasetContract contract) {
    return table(contract, Content.VALUES, Position.LINE, "", () -> pieces);
  }

  /**
   * The rows with their source, {@link NewRows#POSITION} and {@link NewRows#RECORD}. Files that are
   * cut are read once more before, to count.
   */
  RawTable placed(DatasetContract contract, Position counted) {
    return table(
        contract,
        Content.PLACE_AND_VALUES,
        counted,
        "%s bigint, %s string, ".formatted(NewRows.POSITION, NewRows.RECORD),
        () -> counted(counted));
  }

  private RawTable table(
      DatasetContract contract,
      Content content,
      Position counted,
      String place,
      Supplier<List<TextPiece>> wanted) {
    TextFormat format = this.format;
    int columns = contract.fields().size();
    CollectionAccumulator<Tally> tallies = spark.sparkContext().collectionAccumulator();
    Dataset<Row> rows =
        through(
            wanted,
            counted,
            records -> new Rows(records, format, columns, content, tallies),
            StructType.fromDDL(DatasetContract.SOURCE + " string, " + place + contract.ddl()));
    Dataset<Row> malformed =
        through(
            () -> holdingMalformed(rows, tallies),
            counted,
            records -> new Rows(records, format, columns, Content.MALFORMED, tallies),
            SourceRows.QUARANTINED);
    return new RawTable(rows, malformed);
  }

  /** What is made of the records, piece by piece. */
  Dataset<Row> through(Work work, StructType schema) {
    return through(() -> pieces, Position.RECORD, work, schema);
  }

  private Dataset<Row> through(
      Supplier<List<TextPiece>> wanted, Position counted, Work work, StructType schema) {
    TextFormat format = this.format;
    SerializableConfiguration hadoop =
        new SerializableConfiguration(SourceFiles.reading(spark.sessionState().newHadoopConf()));
    FlatMapFunction<TextPiece, Row> read =
        piece -> work.rows(new TextRecords(piece, format, counted, hadoop.value()));
    return spark.createDataFrame(TextPieces.toRead(spark, wanted).flatMap(read), schema);
  }

  /** All pieces, for which those that another piece of their file follows are read. */
  private List<TextPiece> counted(Position counted) {
    List<TextPiece> followed = new ArrayList<>();
    for (int i = 1; i < pieces.size(); i++) {
      if (pieces.get(i).from() > 0) {
        followed.add(pieces.get(i - 1));
      }
    }
    Map<Integer, Long> positions = new HashMap<>();
    through(
            () -> followed,
            counted,
            records -> {
              records.forEachRemaining(record -> {});
              return List.of(RowFactory.create(records.piece(), records.positions())).iterator();
            },
            StructType.fromDDL("piece int, positions bigint"))
        .collectAsList()
        .forEach(row -> positions.put(row.getInt(0), row.getLong(1)));
    return numbered(positions);
  }

  private List<TextPiece> holdingMalformed(
      Dataset<Row> rows, CollectionAccumulator<Tally> tallies) {
    if (tallies.value().stream().map(Tally::piece).distinct().count() < pieces.size()) {
      rows.count();
    }
    Map<Integer, Long> positions = new HashMap<>();
    Set<Integer> malformed = new HashSet<>();
    for (Tally tally : tallies.value()) {
      positions.put(tally.piece(), tally.positions());
      if (tally.malformed()) {
        malformed.add(tally.piece());
      }
    }
    return numbered(positions).stream().filter(piece -> malformed.contains(piece.index())).toList();
  }

  /**
   * All pieces with what lies before them.
   *
   * @param positions by index, how many each holds; the last of a file does not matter
   */
  private List<TextPiece> numbered(Map<Integer, Long> positions) {
    List<TextPiece> numbered = new ArrayList<>();
    long before = 0;
    for (TextPiece piece : pieces) {
      before = piece.from() == 0 ? 0 : before;
      numbered.add(piece.after(before));
      before += positions.getOrDefault(piece.index(), 0L);
    }
    return numbered;
  }

  /** The rows of a piece that have a certain content. */
  private static final class Rows extends FoundRows {
    private final TextRecords records;
    private final TextFormat format;
    private final Content content;
    private final CollectionAccumulator<Tally> tallies;
    private final String source;
    private final @Nullable Object[] values;
    private boolean malformed;

    Rows(
        TextRecords records,
        TextFormat format,
        int columns,
        Content content,
        CollectionAccumulator<Tally> tallies) {
      this.records = records;
      this.format = format;
      this.content = content;
      this.tallies = tallies;
      this.source = records.source();
      this.values = new @Nullable Object[columns];
    }

    @Override
    boolean hasMore() {
      return records.hasNext();
    }

    @Override
    @Nullable Row look() {
      TextRecord record = records.next();
      String reason = record.fault() == null ? format.parse(record.text(), values) : record.fault();
      malformed |= reason != null;
      return (content == Content.MALFORMED) == (reason != null)
          ? row(record.text(), reason == null ? "" : reason)
          : null;
    }

    @Override
    void end() {
      tallies.add(new Tally(records.piece(), records.positions(), malformed));
    }

    private Row row(String text, String reason) {
      if (content == Content.MALFORMED) {
        return RowFactory.create(
            source, records.position(), TextRecords.shown(text), TextRecords.shown(reason));
      }
      int first = content == Content.VALUES ? 1 : 3;
      @Nullable Object[] row = new @Nullable Object[first + values.length];
      row[0] = source;
      if (content == Content.PLACE_AND_VALUES) {
        row[1] = records.position();
        row[2] = TextRecords.shown(text);
      }
      System.arraycopy(values, 0, row, first, values.length);
      return RowFactory.create(row);
    }
  }
}
