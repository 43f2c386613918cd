package sluice.normalise;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * Normalising in Spark: {@link #fit} learns from the train rows, {@link #apply} makes the feature
 * table of any rows.
 */
public final class Normalise {
  private static final Logger LOG = LoggerFactory.getLogger(Normalise.class);

  /** The part of a row, as {@code split} sets it. */
  private static final String PART = "_part";

  /** Reasons named in a message about rows without features. */
  private static final int SHOWN_REASONS = 10;

  /** Classes named in the message about labels that train lacks. */
  private static final int SHOWN = 20;

  private Normalise() {}

  /**
   * Learns every step of every column, and the label. Each scan, which is one Spark job, feeds the
   * first unfitted step of all columns at once; a quantile of a column with more than 65,536 values
   * may ask for further scans. The result does not depend on the order or the partitions of the
   * rows.
   *
   * @param trainRows the train rows as they were before any augmentation
   * @param contract their columns
   * @throws InvalidInput (configuration) if the settings do not fit the columns; (data) if the rows
   *     do not allow a fit, or some give no feature or no label; all problems at once
   */
  public static FittedPreprocessing fit(
      Dataset<Row> trainRows, DatasetContract contract, NormaliseSettings settings) {
    return fit(trainRows, contract, settings, List.of());
  }

  /**
   * {@link #fit(Dataset, DatasetContract, NormaliseSettings)} of all groups but some, which were
   * fitted before.
   *
   * @param known those groups, of the columns that the settings give them
   */
  public static FittedPreprocessing fit(
      Dataset<Row> trainRows,
      DatasetContract contract,
      NormaliseSettings settings,
      List<FittedGroup> known) {
    List<String> problems = new ArrayList<>(settings.problems(contract));
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    List<ColumnFit> columns = new ArrayList<>();
    for (int i = 0; i < settings.features().size(); i++) {
      GroupSettings group = settings.features().get(i);
      String name = settings.groupNames().get(i);
      known.stream()
          .filter(each -> each.name().equals(name))
          .findFirst()
          .ifPresentOrElse(
              each -> each.columns().forEach(column -> columns.add(new ColumnFit(name, column))),
              () ->
                  group
                      .columns()
                      .forEach(
                          column ->
                              columns.add(
                                  new ColumnFit(
                                      name, column, contract.type(column), group.steps()))));
    }
    Map<String, String> tagged = new HashMap<>();
    settings.tagged().forEach(text -> tagged.put(text.label(), text.group()));
    List<LabelFit> labelFits =
        settings.label().stream()
            .flatMap(
                label ->
                    Stream.ofNullable(label.column())
                        .map(
                            column ->
                                new LabelFit(label, contract.type(column), tagged.get(column))))
            .toList();
    List<FittedLabel> labels = new ArrayList<>();
    int scans = 0;
    long rows = 0;
    while (columns.stream().anyMatch(ColumnFit::scans)) {
      List<Integer> active = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).scans()) {
          active.add(i);
        }
      }
      boolean first = scans++ == 0;
      Scan scan =
          new Scan(active.stream().map(columns::get).toList(), first ? labelFits : List.of())
              .over(trainRows);
      rows = scan.rows();
      if (rows == 0) {
        throw InvalidInput.data("normalise: needs at least one train row, got none");
      }
      for (int i = 0; i < active.size(); i++) {
        ColumnFit column = scan.columns().get(i);
        column.endScan(rows, problems);
        columns.set(active.get(i), column);
      }
      if (scan.unlabelled() > 0) {
        problems.add(unlabelled(contract, settings.labelColumns(), scan.unlabelled(), rows));
      }
      for (LabelFit seen : scan.unlabelled() == 0 ? scan.labels() : List.<LabelFit>of()) {
        try {
          labels.add(seen.finish(rows));
        } catch (InvalidInput e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    LOG.info(
        "normalise: fitted {} columns on {} train rows in {} scans", columns.size(), rows, scans);
    return assemble(contract, settings, columns, labels);
  }

  private static String unlabelled(
      DatasetContract contract, List<String> columns, long unlabelled, long rows) {
    boolean fractions =
        columns.stream()
            .map(contract::type)
            .anyMatch(type -> type == FieldType.FLOAT || type == FieldType.DOUBLE);
    return "label %s: must be there on every train row, and is missing%s on %d of %d; add a reject-missing rule for it"
        .formatted(
            String.join(" or ", columns), fractions ? " or not finite" : "", unlabelled, rows);
  }

  private static FittedPreprocessing assemble(
      DatasetContract contract,
      NormaliseSettings settings,
      List<ColumnFit> columns,
      List<FittedLabel> labels) {
    List<FittedGroup> groups = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < settings.features().size(); i++) {
      int size = settings.features().get(i).columns().size();
      groups.add(
          new FittedGroup(
              settings.groupNames().get(i),
              columns.subList(at, at + size).stream().map(ColumnFit::fitted).toList()));
      at += size;
    }
    List<String> used = columns.stream().map(ColumnFit::column).toList();
    List<Field> fields =
        contract.fields().stream().filter(field -> used.contains(field.name())).toList();
    return new FittedPreprocessing(new DatasetContract(fields), groups, labels);
  }

  /**
   * The feature table, see {@link FeatureColumns}, of the rows that give every feature, and the
   * other rows with the reason. Label columns may be missing, as in rows to be scored: without any
   * there is no label, and of several one that is missing is null.
   *
   * @param rows rows with the columns of {@link FittedPreprocessing#input} and a key; {@link
   *     DatasetContract#ALONG}, if they have it, is handed on
   * @throws InvalidInput (data) if a column is missing or of another type; it starts no Spark job
   */
  public static AcceptedRejected apply(FittedPreprocessing fitted, Dataset<Row> rows) {
    List<String> problems = fitted.problems(contract(rows));
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    List<String> raw = List.of(rows.columns());
    int columns = fitted.features().stream().mapToInt(group -> group.columns().size()).sum();
    Column usable =
        IntStream.range(0, columns)
            .mapToObj(i -> col(work(i)).isNotNull())
            .reduce(Column::and)
            .orElse(lit(true));
    return new AcceptedRejected(
        work(rows, raw, fitted.features(), column -> column)
            .filter(usable)
            .select(featureTable(fitted, raw)),
        work(rows, raw, fitted.features(), FittedColumn::deciding)
            .filter(functions.not(usable))
            .select(rejections(fitted, raw)));
  }

  /** The columns that a contract may have: neither Sluice's own nor of a type it does not read. */
  private static DatasetContract contract(Dataset<Row> rows) {
    return new DatasetContract(
        Arrays.stream(rows.schema().fields())
            .filter(field -> !field.name().startsWith("_"))
            .flatMap(
                field ->
                    FieldType.ofDdl(field.dataType().simpleString()).stream()
                        .map(type -> new Field(field.name(), type)))
            .toList());
  }

  /**
   * The rows with what comes out of each fitted column in a column of its own. Each level of steps
   * is a projection of its own, so that a step may use its input several times without repeating
   * how it came about.
   *
   * @param part of each column what is asked
   */
  private static Dataset<Row> work(
      Dataset<Row> rows,
      List<String> raw,
      List<FittedGroup> groups,
      UnaryOperator<FittedColumn> part) {
    List<FittedColumn> columns = new ArrayList<>();
    List<List<Level>> levels = new ArrayList<>();
    for (FittedGroup group : groups) {
      for (FittedColumn column : group.columns()) {
        columns.add(column);
        levels.add(levels(group, part.apply(column)));
      }
    }
    int depth = levels.stream().mapToInt(List::size).max().orElse(0);
    Dataset<Row> worked = rows;
    for (int level = 0; level < depth; level++) {
      List<Column> projection = new ArrayList<>();
      raw.forEach(name -> projection.add(col(Sql.name(name))));
      for (int i = 0; i < columns.size(); i++) {
        String input = Sql.name(level == 0 ? columns.get(i).column() : work(i));
        Column output =
            level < levels.get(i).size() ? levels.get(i).get(level).of(input) : col(input);
        projection.add(output.as(work(i)));
      }
      worked = worked.select(projection.toArray(Column[]::new));
      worked = BatchPass.over(worked, faces(levels, level));
    }
    return worked;
  }

  /** What is applied to many rows at a time behind the projections of a level, by column. */
  private static Map<String, JavaFace> faces(List<List<Level>> levels, int level) {
    Map<String, JavaFace> faces = new LinkedHashMap<>();
    for (int i = 0; i < levels.size(); i++) {
      List<Level> own = levels.get(i);
      if (level < own.size() && own.get(level) instanceof InBatches batches) {
        faces.put(work(i), batches.face);
      }
    }
    return faces;
  }

  private static String work(int column) {
    return "_feature" + column;
  }

  /** One projection of one column, given the quoted name of its input. */
  private interface Level {
    Column of(String input);
  }

  /** Leaves the column for a pass behind the projection. */
  private record InBatches(JavaFace face) implements Level {
    @Override
    public Column of(String input) {
      return col(input);
    }
  }

  private static List<Level> levels(FittedGroup group, FittedColumn column) {
    List<Level> levels = new ArrayList<>();
    levels.add(input -> expr(RawValues.sql(column.entry(), input)));
    Pixels pixels = group.bytes();
    if (pixels != null) {
      UDF1<@Nullable Object, byte @Nullable []> planes = pixels::planes;
      levels.add(call(functions.udf(planes, DataTypes.BinaryType)));
      return levels;
    }
    if (column.entry() == Kind.NUMBER) {
      levels.add(input -> expr(finite(input, Double.MAX_VALUE)));
    }
    List<FittedStep> pending = new ArrayList<>();
    Kind before = column.entry();
    for (FittedStep step : column.steps()) {
      if (step.sql("x") == null) {
        pending.add(step);
        continue;
      }
      addCall(levels, before, pending);
      before = step.gives();
      levels.add(input -> expr(Objects.requireNonNull(step.sql(input))));
      if (step.gives() == Kind.NUMBER) {
        levels.add(input -> expr(finite(input, Double.MAX_VALUE)));
      }
    }
    addCall(levels, before, pending);
    // Floats only at the very end; beyond their range there is no feature.
    switch (column.gives()) {
      case NUMBER -> {
        levels.add(input -> expr("CAST(%s AS FLOAT)".formatted(input)));
        levels.add(input -> expr(finite(input, Float.MAX_VALUE)));
      }
      case VECTOR -> {
        levels.add(input -> expr("CAST(%s AS ARRAY<FLOAT>)".formatted(input)));
        levels.add(
            input ->
                expr(
                    "CASE WHEN forall(%1$s, e -> abs(e) <= %2$s) THEN %1$s END"
                        .formatted(input, Sql.literal(Float.MAX_VALUE))));
      }
      case INDEX, TEXT, TIME, BYTES, SERIES, WEIGHTED_SERIES -> {}
    }
    return levels;
  }

  private static String finite(String input, double max) {
    return "CASE WHEN abs(%1$s) <= %2$s THEN %1$s END".formatted(input, Sql.literal(max));
  }

  /** One call of the Java face for steps that follow each other and have no expression. */
  private static void addCall(List<Level> levels, Kind input, List<FittedStep> pending) {
    if (pending.isEmpty()) {
      return;
    }
    JavaFace face = new JavaFace(input, List.copyOf(pending));
    pending.clear();
    levels.add(face.inBatches() ? new InBatches(face) : call(functions.udf(face, face.dataType())));
  }

  private static Level call(UserDefinedFunction function) {
    // Spark would otherwise copy the call into the filter for whole rows and make it twice.
    return input -> function.asNondeterministic().apply(col(input));
  }

  private static Column[] featureTable(FittedPreprocessing fitted, List<String> raw) {
    List<Column> table = new ArrayList<>();
    table.add(col(DatasetContract.KEY).as(FeatureColumns.KEY));
    if (raw.contains(PART)) {
      table.add(col(PART).as(FeatureColumns.PART));
    }
    if (raw.contains(DatasetContract.ALONG)) {
      table.add(col(DatasetContract.ALONG));
    }
    if (fitted.labels().stream().anyMatch(label -> raw.contains(label.column()))) {
      table.add(
          ofLabels(fitted.labels(), raw, Normalise::label, Normalise::type)
              .as(FeatureColumns.LABEL));
      if (fitted.labels().stream().anyMatch(NumberLabel.class::isInstance)) {
        table.add(
            ofLabels(fitted.labels(), raw, Normalise::truth, label -> DataTypes.DoubleType)
                .as(FeatureColumns.TRUTH));
      }
    }
    int at = 0;
    for (FittedGroup group : fitted.features()) {
      table.add(values(group, at).as(group.name()));
      at += group.columns().size();
    }
    return table.toArray(Column[]::new);
  }

  /**
   * What is made of the only label; of several a struct with a field for each, null where the rows
   * have no such column.
   */
  private static Column ofLabels(
      List<FittedLabel> labels,
      List<String> raw,
      Function<FittedLabel, Column> made,
      Function<FittedLabel, DataType> type) {
    if (labels.size() == 1) {
      return made.apply(labels.get(0));
    }
    return Columns.row(
        labels.stream()
            .map(
                label ->
                    raw.contains(label.column())
                        ? made.apply(label)
                        : lit(null).cast(type.apply(label)))
            .toArray(Column[]::new));
  }

  /** What {@link FeatureColumns#LABEL} holds of one label, of rows with its column. */
  public static Column label(FittedLabel label) {
    UDF1<@Nullable Object, @Nullable Object> value = label::value;
    return functions.udf(value, type(label)).apply(col(Sql.name(label.column())));
  }

  private static Column truth(FittedLabel label) {
    UDF1<@Nullable Object, @Nullable Double> truth = label::truth;
    return functions.udf(truth, DataTypes.DoubleType).apply(col(Sql.name(label.column())));
  }

  private static DataType type(FittedLabel label) {
    if (label instanceof TagsLabel || label instanceof SetLabel) {
      return DataTypes.createArrayType(DataTypes.IntegerType, false);
    }
    return label instanceof ClassLabel
        ? DataTypes.IntegerType
        : label instanceof NumberLabel ? DataTypes.FloatType : DataTypes.StringType;
  }

  /** The values of a group, whose first column is worked out at this place. */
  private static Column values(FittedGroup group, int at) {
    List<Column> pieces = new ArrayList<>();
    List<Column> single = new ArrayList<>();
    for (FittedColumn column : group.columns()) {
      if (column.gives() == Kind.VECTOR || column.isSeries()) {
        addArray(pieces, single);
        pieces.add(col(work(at)));
      } else {
        single.add(col(work(at)));
      }
      at++;
    }
    addArray(pieces, single);
    return pieces.size() == 1 ? pieces.get(0) : functions.concat(pieces.toArray(Column[]::new));
  }

  private static void addArray(List<Column> pieces, List<Column> single) {
    if (!single.isEmpty()) {
      pieces.add(functions.array(single.toArray(Column[]::new)));
      single.clear();
    }
  }

  /**
   * Why rows give no features, and how many for each reason: the ten most frequent, none if no row
   * was rejected. One pass.
   *
   * @param rejected of {@link #apply}
   */
  public static Map<String, Long> reasons(Dataset<Row> rejected) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    rejected
        .groupBy(col("_reason"))
        .agg(functions.count(lit(1)).as("rows"))
        .orderBy(col("rows").desc(), col("_reason"))
        .limit(SHOWN_REASONS)
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    return reasons;
  }

  private static Column[] rejections(FittedPreprocessing fitted, List<String> raw) {
    List<FittedGroup> groups = fitted.features();
    List<String> names = fitted.input().names();
    UDF1<Row, String> reason =
        row -> {
          Map<String, @Nullable Object> values = new LinkedHashMap<>();
          for (int i = 0; i < row.size(); i++) {
            values.put(names.get(i), row.get(i));
          }
          return FittedPreprocessing.rejection(groups, RawRecord.of(values));
        };
    Column[] read = names.stream().map(name -> col(Sql.name(name))).toArray(Column[]::new);
    List<Column> table = new ArrayList<>();
    List<String> first = List.of(DatasetContract.KEY, DatasetContract.SOURCE);
    first.stream().filter(raw::contains).forEach(name -> table.add(col(name)));
    table.add(lit("normalise").as("_rule"));
    table.add(functions.udf(reason, DataTypes.StringType).apply(Columns.row(read)).as("_reason"));
    raw.stream()
        .filter(name -> !first.contains(name))
        .forEach(name -> table.add(col(Sql.name(name))));
    return table.toArray(Column[]::new);
  }

  /**
   * Checks that every row has a label, and no label that the train rows did not teach. One pass
   * over the rows counts what is wrong with any label, another for each such label says what it is.
   *
   * @param where which rows these are, as in {@code validation}
   * @throws InvalidInput (data) if labels are missing, of several all of a row's, or are classes
   *     that no train row has; they are listed with their counts, of all labels at once
   */
  public static void checkLabels(FittedPreprocessing fitted, Dataset<Row> rows, String where) {
    List<FittedLabel> labels = fitted.labels();
    if (labels.isEmpty()) {
      return;
    }
    // Of one label a missing value is as wrong as an unknown one; of several a row needs one.
    boolean several = labels.size() > 1;
    List<Column> wrong = new ArrayList<>();
    Column without = lit(several);
    for (FittedLabel label : labels) {
      Column unknown = label(label).isNull();
      wrong.add(several ? present(label).and(unknown) : unknown);
      without = without.and(functions.not(present(label)));
    }
    wrong.add(without);
    Row counts =
        rows.select(
                wrong.stream()
                    .map(condition -> functions.count(functions.when(condition, lit(1))))
                    .toArray(Column[]::new))
            .first();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      if (counts.getLong(i) > 0) {
        problems.add(unknown(labels.get(i), rows.filter(wrong.get(i)), counts.getLong(i), where));
      }
    }
    if (counts.getLong(labels.size()) > 0) {
      problems.add(
          "label %s: must be there, and is not on %s %s rows"
              .formatted(
                  labels.stream().map(FittedLabel::column).collect(Collectors.joining(" or ")),
                  counts.getLong(labels.size()),
                  where));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /** Whether a row has a value for a label, whatever it is. */
  private static Column present(FittedLabel label) {
    return named(label).isNotNull();
  }

  /** The name of a raw label's class, which a number has too; of tags each that is unknown. */
  private static Column wrongNames(FittedLabel label) {
    if (!(label instanceof TagsLabel tags)) {
      return named(label);
    }
    return functions.explode_outer(unknownNames(label, tags::unknown));
  }

  /** Those of a raw label's tags or names that are unknown. */
  private static Column unknownNames(
      FittedLabel label, UDF1<@Nullable Object, List<String>> unknown) {
    return functions
        .udf(unknown, DataTypes.createArrayType(DataTypes.StringType, false))
        .apply(col(Sql.name(label.column())));
  }

  /**
   * The names of sets that are not learnt, as fewer train rows than {@code min-count} have them,
   * the most frequent with the number of rows that have each; empty if all are learnt.
   */
  public static Optional<String> unlearnt(SetLabel label, Dataset<Row> rows) {
    String listed = listed(rows, functions.explode(unknownNames(label, label::unknown)));
    return listed.isEmpty() ? Optional.empty() : Optional.of(listed);
  }

  private static Column named(FittedLabel label) {
    UDF1<@Nullable Object, @Nullable String> name = ClassLabel::name;
    return functions.udf(name, DataTypes.StringType).apply(col(Sql.name(label.column())));
  }

  /** Says which labels are wrong. */
  private static String unknown(FittedLabel label, Dataset<Row> wrong, long rows, String where) {
    String listed = listed(wrong, wrongNames(label));
    String rule =
        label instanceof ClassLabel
            ? "must be a class that the train rows have"
            : label instanceof TagsLabel
                ? "must be tags that the train rows have"
                : label instanceof NumberLabel
                    ? "must be there and fit a 32-bit float"
                    : "must be there";
    return "label %s: %s, and is not on %s %s rows: %s"
        .formatted(label.column(), rule, rows, where, listed);
  }

  /** The most frequent names with their counts; empty if there are none. */
  private static String listed(Dataset<Row> rows, Column names) {
    Dataset<Row> counts = rows.select(names.as("name")).groupBy("name").count();
    List<Row> most =
        counts
            .orderBy(col("count").desc(), col("name").asc_nulls_first())
            .limit(SHOWN)
            .collectAsList();
    long more = most.size() < SHOWN ? 0 : counts.count() - most.size();
    return most.stream()
            .map(row -> (row.isNullAt(0) ? "missing" : row.get(0)) + " (" + row.get(1) + ")")
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and %s more".formatted(more) : "");
  }
}
