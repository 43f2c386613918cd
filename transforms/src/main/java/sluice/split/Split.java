package sluice.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RowKey;
import sluice.split.SplitSettings.By;
import sluice.statistics.GroupedSelection;
import sluice.statistics.OrderSelection;

/**
 * Divides rows into train, validation and test. A row's part depends on the seed, the settings and
 * the rows, never on their order or partitions.
 *
 * <p>Under {@link By#NONE} train and test are the same rows: each row stands there once, marked
 * {@code train}, so that no count or ledger sees it twice; {@link #rows} gives the same rows as the
 * test part, and {@link SplitSettings#sameRows} says that they are.
 */
public final class Split {
  /**
   * The column that {@link #apply} adds, a string: {@code train}, {@code validation}, {@code test}.
   */
  public static final String PART = DatasetContract.PART;

  /** How many values a stratifying column may have, with null as one of them. */
  public static final int MAX_STRATA = 10_000;

  private static final String STAGE = "split";
  private static final int NAMED_VALUES = 20;

  private Split() {}

  /**
   * The rows with their part, in one more column {@link #PART}; otherwise unchanged.
   *
   * <p>By rank and time the parts have the exact counts of {@link SplitSettings#counts}, by rank
   * within each stratum (null is one), except that rows whose hashes or times are equal stay
   * together, in the earlier part of those they lie between.
   *
   * @param clean rows with a {@link DatasetContract#KEY}; scanned several times, here and whenever
   *     the result is
   * @param contract the columns of the rows
   * @throws InvalidInput (configuration) if a column is not there or does not suit the rule, or the
   *     shares do not sum to 1; (data) if a time is missing; if the data's own parts have other
   *     names; if a part whose share is above 0 has no rows (for {@link By#COLUMN}, train or test;
   *     for {@link By#NONE}, train)
   */
  public static Dataset<Row> apply(
      Dataset<Row> clean, DatasetContract contract, SplitSettings settings, long seed) {
    List<String> misfits = new ArrayList<>(settings.problems(contract));
    settings.shareProblems().forEach(problem -> misfits.add("split." + problem));
    if (!misfits.isEmpty()) {
      throw InvalidInput.configuration(misfits);
    }
    Column part =
        switch (settings.by()) {
          case AUTO, RANK -> byRank(clean, settings, seed);
          case HASH -> byHash(settings, seed, RowKey.content(col(DatasetContract.KEY)));
          case GROUP -> byHash(settings, seed, group(settings));
          case TIME -> byTime(clean, contract, settings);
          case COLUMN -> byColumn(clean, settings);
          case NONE -> lit(Part.TRAIN.text());
        };
    Dataset<Row> split = clean.withColumn(PART, part);
    Set<Part> needed = EnumSet.noneOf(Part.class);
    Arrays.stream(Part.values()).filter(one -> mustHaveRows(one, settings)).forEach(needed::add);
    checkCounts(counts(split), needed, rule(settings));
    return split;
  }

  /**
   * The rows with the parts that their files were given for. If none was given for validation, this
   * part is cut from the train rows by rank, {@link SplitSettings#validation} of them; every test
   * row stays one.
   *
   * @param clean rows with a {@link DatasetContract#KEY} and their file's {@link #PART}
   * @param contract the columns of the rows
   * @param given the parts that files were given for
   * @throws InvalidInput (configuration) if the stratifying column is not there; (data) if a part
   *     that was given, or the validation part with a share above 0, has no rows
   */
  public static Dataset<Row> ofFiles(
      Dataset<Row> clean,
      DatasetContract contract,
      SplitSettings settings,
      Set<Part> given,
      long seed) {
    List<String> misfits = settings.problems(contract);
    if (!misfits.isEmpty()) {
      throw InvalidInput.configuration(misfits);
    }
    Set<Part> needed = EnumSet.copyOf(given);
    Dataset<Row> split = clean;
    if (!given.contains(Part.VALIDATION) && settings.validation() > 0) {
      needed.add(Part.VALIDATION);
      Column train = coalesce(col(PART).equalTo(Part.TRAIN.text()), lit(false));
      Column cut = byRank(clean.filter(train), settings.cutFromTrain(), seed);
      split = clean.withColumn(PART, when(train, cut).otherwise(col(PART)));
    }
    checkCounts(counts(split), needed, "the files of ingest.path");
    return split;
  }

  /**
   * How many test rows equal a row of train or validation in all these columns: what they measure
   * is not what the model makes of rows it has not seen.
   */
  public static long seenTestRows(Dataset<Row> split, List<String> columns) {
    Column test = col(PART).equalTo(Part.TEST.text());
    Row seen =
        split
            .groupBy(RowKey.of(columns).as("content"))
            .agg(
                sum(when(test, 1L).otherwise(0L)).as("judged"),
                sum(when(test, 0L).otherwise(1L)).as("learned"))
            .filter(col("learned").gt(0))
            .agg(coalesce(sum(col("judged")), lit(0L)))
            .first();
    return seen.getLong(0);
  }

  /**
   * The rows of one part of a split. Under {@link By#NONE} the test part is the train part, marked
   * {@code test}, and the validation part is empty.
   */
  public static Dataset<Row> rows(Dataset<Row> split, SplitSettings settings, Part part) {
    if (settings.sameRows() && part == Part.TEST) {
      return split.withColumn(PART, lit(part.text()));
    }
    return split.filter(coalesce(col(PART).equalTo(part.text()), lit(false)));
  }

  /** How many rows each part of a split has; every part is there. */
  public static Map<Part, Long> counts(Dataset<Row> split) {
    Map<String, Long> found = new HashMap<>();
    for (Row row : split.groupBy(PART).agg(count(lit(1))).collectAsList()) {
      found.put(row.getString(0), row.getLong(1));
    }
    Map<Part, Long> counts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      counts.put(part, found.getOrDefault(part.text(), 0L));
    }
    return counts;
  }

  private static Column byRank(Dataset<Row> clean, SplitSettings settings, long seed) {
    String name = settings.stratifyBy();
    Column stratum = name == null ? lit("") : Columns.named(name);
    Column hash = RowKey.seededHash(seed, STAGE, RowKey.content(col(DatasetContract.KEY)));
    // A leading sign keeps the text "null" apart from null.
    Column label = coalesce(concat(lit("="), stratum.cast(DataTypes.StringType)), lit("null"));
    GroupedSelection selection =
        GroupRanks.select(clean, label, hash, MAX_STRATA, rows -> boundaryRanks(rows, settings));
    if (selection.overflowed()) {
      throw InvalidInput.data(
          "split.stratify-by: column %s has more than %,d distinct values, must be at most %,d"
              .formatted(name, MAX_STRATA, MAX_STRATA));
    }
    return udf(new PartByBoundaries(boundaries(selection, settings)), DataTypes.StringType)
        .apply(label, hash);
  }

  private static Column byHash(SplitSettings settings, long seed, Column text) {
    return udf(new PartByHash(settings), DataTypes.StringType)
        .apply(RowKey.seededHash(seed, STAGE, text));
  }

  private static Column group(SplitSettings settings) {
    Column group = Columns.named(column(settings));
    return coalesce(
        concat(lit("="), group.cast(DataTypes.StringType)).cast(DataTypes.BinaryType),
        RowKey.content(col(DatasetContract.KEY)));
  }

  private static Column byTime(
      Dataset<Row> clean, DatasetContract contract, SplitSettings settings) {
    Column time = time(contract, settings);
    Column state = when(time.isNull(), "missing").otherwise("there");
    Column value = coalesce(time, lit(0L));
    GroupedSelection selection =
        GroupRanks.select(clean, state, value, 2, rows -> boundaryRanks(rows, settings));
    long missing = selection.counts().getOrDefault("missing", 0L);
    if (missing > 0) {
      long rows = missing + selection.counts().getOrDefault("there", 0L);
      throw InvalidInput.data(
          ("split.column: column %s must hold a time in every row with split.by = time, got none"
                  + " (null, NaN or infinite) in %,d of %,d rows")
              .formatted(settings.column(), missing, rows));
    }
    return udf(new PartByBoundaries(boundaries(selection, settings)), DataTypes.StringType)
        .apply(state, value);
  }

  /** The time as a long that sorts as it does; null where it is missing. */
  private static Column time(DatasetContract contract, SplitSettings settings) {
    String name = column(settings);
    Column column = Columns.named(name);
    FieldType type = contract.type(name);
    return switch (type) {
      case BYTE, SHORT, INT, LONG -> column.cast(DataTypes.LongType);
      case FLOAT, DOUBLE ->
          udf(new OrderedNumber(), DataTypes.LongType).apply(column.cast(DataTypes.DoubleType));
      case DATE -> unix_date(column).cast(DataTypes.LongType);
      // The session's time zone is UTC, so the cast keeps the order.
      case TIMESTAMP, TIMESTAMP_NTZ -> unix_micros(column.cast(DataTypes.TimestampType));
      case BOOLEAN, STRING, BINARY ->
          throw new IllegalStateException("column " + name + " holds no times: " + type);
    };
  }

  private static Column byColumn(Dataset<Row> clean, SplitSettings settings) {
    String name = column(settings);
    Column column = Columns.named(name);
    Column value = lower(trim(column.cast(DataTypes.StringType)));
    Column part =
        when(value.equalTo("train"), Part.TRAIN.text())
            .when(value.isin("validation", "val", "valid", "dev"), Part.VALIDATION.text())
            .when(value.equalTo("test"), Part.TEST.text());
    List<Row> unknown =
        clean
            .filter(part.isNull())
            .groupBy(column.cast(DataTypes.StringType).as("value"))
            .agg(count(lit(1)).as("rows"))
            .orderBy(col("rows").desc(), col("value"))
            .limit(NAMED_VALUES + 1)
            .collectAsList();
    if (!unknown.isEmpty()) {
      String values =
          unknown.stream()
              .limit(NAMED_VALUES)
              .map(row -> "%s (%,d rows)".formatted(quoted(row.getString(0)), row.getLong(1)))
              .collect(Collectors.joining(", "));
      throw InvalidInput.data(
          "split.column: column %s must hold train, validation (or val, valid, dev) or test, got %s%s"
              .formatted(name, values, unknown.size() > NAMED_VALUES ? " and others" : ""));
    }
    return part;
  }

  private static String column(SplitSettings settings) {
    String column = settings.column();
    if (column == null) {
      throw new IllegalStateException("split.by = %s without a column".formatted(settings.by()));
    }
    return column;
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "null" : '"' + value + '"';
  }

  private static void checkCounts(Map<Part, Long> counts, Set<Part> needed, String rule) {
    List<String> problems = new ArrayList<>();
    for (Part part : needed) {
      if (counts.getOrDefault(part, 0L) == 0) {
        problems.add(
            "split: the %s part must have rows, got train %,d, validation %,d, test %,d by %s"
                .formatted(
                    part.text(),
                    counts.get(Part.TRAIN),
                    counts.get(Part.VALIDATION),
                    counts.get(Part.TEST),
                    rule));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static boolean mustHaveRows(Part part, SplitSettings settings) {
    return switch (settings.by()) {
      case AUTO, RANK, HASH, GROUP, TIME -> settings.share(part) > 0;
      case COLUMN -> part != Part.VALIDATION;
      case NONE -> part == Part.TRAIN;
    };
  }

  private static String rule(SplitSettings settings) {
    return switch (settings.by()) {
      case AUTO, RANK, HASH, GROUP, TIME ->
          "split.by = %s with train = %s, validation = %s, test = %s"
              .formatted(
                  settings.by().text(), settings.train(), settings.validation(), settings.test());
      case COLUMN -> "split.by = column with column = " + settings.column();
      case NONE -> "split.by = none";
    };
  }

  /** The ranks of the last train and the last validation row of each group, if there are any. */
  private static Map<String, long[]> boundaryRanks(
      Map<String, Long> groups, SplitSettings settings) {
    Map<String, long[]> ranks = new HashMap<>();
    groups.forEach(
        (group, rows) -> {
          Map<Part, Long> counts = settings.counts(rows);
          long train = counts.getOrDefault(Part.TRAIN, 0L);
          long validation = counts.getOrDefault(Part.VALIDATION, 0L);
          // A part without rows ends where the one before it does; without any, at no row.
          ranks.put(
              group, new long[] {Math.max(0, train - 1), Math.max(0, train + validation - 1)});
        });
    return ranks;
  }

  private static Map<String, Boundaries> boundaries(
      GroupedSelection selection, SplitSettings settings) {
    Map<String, Boundaries> boundaries = new HashMap<>();
    selection
        .counts()
        .forEach(
            (group, rows) -> {
              Map<Part, Long> counts = settings.counts(rows);
              boundaries.put(
                  group,
                  new Boundaries(
                      counts.getOrDefault(Part.TRAIN, 0L) > 0,
                      selection.selected(group, 0),
                      counts.getOrDefault(Part.VALIDATION, 0L) > 0,
                      selection.selected(group, 1)));
            });
    return boundaries;
  }

  /** The greatest value of the train and of the validation part, where these have rows. */
  private record Boundaries(
      boolean hasTrain, long lastTrain, boolean hasValidation, long lastValidation)
      implements Serializable {

    Part part(long value) {
      if (hasTrain && value <= lastTrain) {
        return Part.TRAIN;
      }
      return hasValidation && value <= lastValidation ? Part.VALIDATION : Part.TEST;
    }
  }

  private static final class PartByBoundaries implements UDF2<String, Long, String> {
    private static final long serialVersionUID = 1L;

    private final HashMap<String, Boundaries> boundaries;

    PartByBoundaries(Map<String, Boundaries> boundaries) {
      this.boundaries = new HashMap<>(boundaries);
    }

    @Override
    public String call(String group, Long value) {
      Boundaries found = boundaries.get(group);
      if (found == null) {
        throw new IllegalStateException("the rows have changed since they were counted: " + group);
      }
      return found.part(value).text();
    }
  }

  private static final class PartByHash implements UDF1<Long, String> {
    private static final long serialVersionUID = 1L;

    private final SplitSettings settings;

    PartByHash(SplitSettings settings) {
      this.settings = settings;
    }

    @Override
    public String call(Long hash) {
      return settings.partOf(hash).text();
    }
  }

  /** The sortable long of a finite number, else null. */
  private static final class OrderedNumber implements UDF1<Double, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Long call(@Nullable Double value) {
      return value == null || !Double.isFinite(value)
          ? null
          : Long.valueOf(OrderSelection.ordered(value));
    }
  }
}
