package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.bundle.PredictionColumns;
import sluice.clean.Cleaning;
import sluice.config.PipelineConfig;
import sluice.config.PredictSettings;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.RowKey;
import sluice.data.Task;
import sluice.ingest.IngestSettings;
import sluice.ingest.NewRows;
import sluice.ingest.NewRowsRequest;
import sluice.ingest.Presence;
import sluice.normalise.FeatureColumns;
import sluice.normalise.Normalise;

/**
 * New rows on their way through a bundle. Each keeps what its file says of it, its place and its
 * text, beside the columns that are scored.
 *
 * @param rows {@link DatasetContract#KEY}, {@link DatasetContract#SOURCE}, the columns of the files
 *     and, as one column, all that goes along
 * @param unread what could not be read
 * @param columns the input's columns that the output has
 * @param reserved those that it cannot have
 * @param notes what a user should know of the files; asked for once the rows were scored
 * @param presence of what is read
 * @param along the names of what goes along: source, position, record, each column that was read
 * @param bundle what scores
 * @param settings what is asked for
 * @param keyColumn the column that identifies a row; null for the file and the position
 */
record Scoring(
    Dataset<Row> rows,
    Dataset<Row> unread,
    List<String> columns,
    List<String> reserved,
    Supplier<List<String>> notes,
    Presence presence,
    List<String> along,
    ModelBundle bundle,
    PredictSettings settings,
    @Nullable String keyColumn) {
  private static final String REASON = "reason";
  private static final String RECORD = "record";

  /** Whether a quarantined row could be read. */
  private static final String READ = "_read";

  /**
   * Begins to read.
   *
   * @param source the files, and the columns that they must have
   * @throws InvalidInput (data) if a file is not what it should be
   */
  static Scoring of(
      SparkSession spark, IngestSettings source, ModelBundle bundle, PipelineConfig config) {
    PredictSettings settings = config.predict();
    NewRows read =
        NewRows.read(
            spark,
            new NewRowsRequest(
                source, config.ingest().contract(), labelColumns(config, bundle), settings.keep()));
    @Nullable String keyColumn = config.ingest().key();
    Dataset<Row> keyed =
        keyColumn != null
            ? read.rows().withColumn(DatasetContract.KEY, RowKey.of(List.of(keyColumn)))
            : read.rows()
                .withColumn(
                    DatasetContract.KEY,
                    placeKey(col(DatasetContract.SOURCE), col(NewRows.POSITION)));
    List<String> along = List.of(read.rows().columns());
    return new Scoring(
        keyed.withColumn(DatasetContract.ALONG, Columns.row(Columns.named(along))),
        read.quarantined(),
        read.columns(),
        read.reserved(),
        read.notes(),
        read.presence(),
        along,
        bundle,
        settings,
        keyColumn);
  }

  /** The columns that labels are made of and scoring does not take. */
  private static Set<String> labelColumns(PipelineConfig config, ModelBundle bundle) {
    Cleaning cleaning =
        new Cleaning(config.ingest().rowContract(), config.clean().rules()).scoring();
    List<String> labels =
        bundle.targets().stream()
            .map(target -> target.label().column())
            .filter(cleaning.outputContract()::has)
            .toList();
    return labels.isEmpty()
        ? Set.of()
        : cleaning.narrowedTo(labels).input().names().stream()
            .filter(name -> !bundle.needed().input().has(name))
            .collect(Collectors.toSet());
  }

  /** A row's key where no column identifies it: {@code file:position}. */
  private static Column placeKey(Column source, Column position) {
    return concat(source, lit(":"), position.cast(DataTypes.StringType));
  }

  /** The rows that have a prediction, with what goes along. */
  Dataset<Row> scored() {
    Dataset<Row> features =
        Normalise.apply(bundle.preprocessing(), cleaned().accepted()).accepted();
    return BatchScorer.score(features.drop(FeatureColumns.LABEL, FeatureColumns.TRUTH), bundle);
  }

  /** All others: key, source, position, record and reason. */
  Dataset<Row> quarantined() {
    AcceptedRejected cleaned = cleaned();
    AcceptedRejected features = Normalise.apply(bundle.preprocessing(), cleaned.accepted());
    Column place = placeKey(col(DatasetContract.SOURCE), col("_position"));
    Dataset<Row> unreadRows =
        unread.select(
            (keyColumn == null ? place : lit(null).cast(DataTypes.StringType))
                .as(FeatureColumns.KEY),
            col(DatasetContract.SOURCE).as(PredictionColumns.SOURCE),
            col("_position").as(PredictionColumns.POSITION),
            col("_record").as(RECORD),
            col("_reason").as(REASON),
            lit(false).as(READ));
    return unreadRows
        .unionByName(turnedAway(cleaned.rejected()))
        .unionByName(turnedAway(features.rejected()));
  }

  private AcceptedRejected cleaned() {
    return bundle.needed().apply(rows);
  }

  private Dataset<Row> turnedAway(Dataset<Row> rejected) {
    return rejected.select(
        shownKey(DatasetContract.KEY).as(FeatureColumns.KEY),
        col(DatasetContract.SOURCE).as(PredictionColumns.SOURCE),
        beside(NewRows.POSITION).as(PredictionColumns.POSITION),
        functions.coalesce(beside(NewRows.RECORD), json(rejected)).as(RECORD),
        col("_reason").as(REASON),
        lit(true).as(READ));
  }

  /** A row's key as the user has it. */
  private Column shownKey(String key) {
    return keyColumn == null ? col(key) : beside(keyColumn).cast(DataTypes.StringType);
  }

  /** Something that goes along. */
  private Column beside(String name) {
    return col(DatasetContract.ALONG).getField("_" + along.indexOf(name));
  }

  /** The columns that were read as JSON: what stands for the text of a record that is none. */
  private Column json(Dataset<Row> rows) {
    StructType type = (StructType) rows.schema().apply(DatasetContract.ALONG).dataType();
    StructType named = new StructType();
    for (int i = 0; i < along.size(); i++) {
      StructField field = type.fields()[i];
      named = named.add(along.get(i), field.dataType(), true);
    }
    Column all = col(DatasetContract.ALONG).cast(named);
    return functions.to_json(
        all.dropFields(
            JavaConverters.asScalaBuffer(
                List.of(DatasetContract.SOURCE, NewRows.POSITION, NewRows.RECORD))));
  }

  /** The classes or names that have columns of their own; none of a number or of tags. */
  private static List<String> classes(BundleTarget target) {
    return switch (target.label().task()) {
      case BINARY, MULTICLASS, MULTILABEL -> target.label().classes();
      case REGRESSION, TAGS -> List.of();
    };
  }

  /** A column for the probability of each class or name; of tags that of the predicted ones. */
  private void probabilities(BundleTarget target, Map<String, Column> own) {
    String all = target.named(BatchScorer.PROBABILITIES);
    if (target.label().task() == Task.TAGS) {
      own.remove(all);
      return;
    }
    List<String> classes = classes(target);
    for (int i = 0; i < classes.size(); i++) {
      own.put(
          PredictionColumns.ofClass(target.label().column(), target.isOnly(), classes.get(i)),
          Columns.named(all).getItem(i));
    }
    if (settings.format() == PredictSettings.Format.CSV) {
      // They are the columns before, and CSV has no arrays.
      own.remove(all);
    }
  }

  /**
   * Checks that a named key identifies the rows, as ingest does.
   *
   * @throws InvalidInput (data) if a key is missing or occurs twice
   */
  void checkKeys(Dataset<Row> scored, Dataset<Row> quarantined) {
    if (keyColumn != null) {
      RowKey.requireUnique(
          scored
              .select(shownKey(FeatureColumns.KEY).as(DatasetContract.KEY))
              .unionAll(quarantined.filter(col(READ)).select(FeatureColumns.KEY)),
          keyColumn);
    }
  }

  /** The quarantine as it is written. */
  Dataset<Row> unscored(Dataset<Row> quarantined) {
    return quarantined.drop(READ);
  }

  /**
   * The scored rows as they are written: the input's columns, then Sluice's own.
   *
   * @throws InvalidInput (configuration) if two columns of the output would have one name
   */
  Dataset<Row> output(Dataset<Row> scored) {
    Map<String, Column> own = new LinkedHashMap<>();
    own.put(FeatureColumns.KEY, shownKey(FeatureColumns.KEY));
    own.put(PredictionColumns.SOURCE, beside(DatasetContract.SOURCE));
    own.put(PredictionColumns.POSITION, beside(NewRows.POSITION));
    for (String name : scored.columns()) {
      if (!name.equals(FeatureColumns.KEY) && !name.equals(DatasetContract.ALONG)) {
        own.put(name, Columns.named(name));
      }
    }
    Map<String, List<String>> classes = new LinkedHashMap<>();
    bundle.targets().forEach(target -> classes.put(target.label().column(), classes(target)));
    List<String> problems = new ArrayList<>(PredictionColumns.problems(classes));
    bundle.targets().forEach(target -> probabilities(target, own));
    own.put(PredictionColumns.BUNDLE, lit(bundle.id()));
    List<Column> selected = new ArrayList<>();
    columns.forEach(name -> selected.add(beside(name).as(name)));
    own.forEach((name, column) -> selected.add(column.as(settings.prefix() + name)));
    settings.clash(own.keySet(), columns).ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    return scored.select(selected.toArray(Column[]::new));
  }
}
