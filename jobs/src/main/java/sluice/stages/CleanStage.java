package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.clean.Cleaning;
import sluice.clean.RejectMisaligned;
import sluice.clean.RejectUnlabelled;
import sluice.clean.Rule;
import sluice.config.PipelineConfig;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Excerpt;
import sluice.data.InvalidInput;
import sluice.data.RowKey;
import sluice.data.SparkSchema;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.normalise.LabelType;
import sluice.normalise.NormaliseSettings.TaggedText;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;

/** {@code raw} to {@code clean} and {@code rejects}. */
public final class CleanStage implements StageWork {
  /** Of the rejects, those that equal a row that stays. */
  static final String DUPLICATES = "duplicates";

  /** The manifest's fact that counts rejects by rule. */
  static final String BY_RULE = "rejectedByRule";

  static final String DUPLICATE_RULE = "drop-duplicates";

  private static final int SHOWN_REASONS = 3;

  @Override
  public Stage stage() {
    return Stage.CLEAN;
  }

  @Override
  public String purpose() {
    return "Applies the rules; a row that one turns away goes to the rejects, with the reason.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("apply %d rules".formatted(rules(config).size()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.clean(), config.normalise().label());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.fingerprints(Stage.RAW);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    Dataset<Row> raw = context.read(Stage.RAW);
    Cleaning cleaning = cleaning(raw, context.config());
    @Nullable String keyColumn = context.config().ingest().key();
    AcceptedRejected cleaned = cleaning.apply(raw, keyColumn);
    context.write(cleaned.accepted(), attempt.path(Stage.CLEAN));
    Column key =
        keyColumn == null
            ? RowKey.text(col(DatasetContract.KEY))
            : Columns.named(keyColumn).cast(DataTypes.StringType);
    context.write(
        cleaned.rejected().withColumn(DatasetContract.KEY, key), attempt.path(Stage.REJECTS));
    long rows = context.read(attempt.path(Stage.CLEAN)).count();
    Dataset<Row> rejects = context.read(attempt.path(Stage.REJECTS));
    Map<String, Long> byRule = byRule(rejects);
    long rejected = byRule.values().stream().mapToLong(Long::longValue).sum();
    long duplicates =
        byRule.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(DUPLICATE_RULE))
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (rows == 0) {
      throw InvalidInput.data(
          "clean: at least 1 row must be left, got 0 of %,d; rejected by rule: %s"
              .formatted(rejected, byRule));
    }
    return new StageResult(
        List.of(
            StageOutput.of(Stage.CLEAN, Map.of("rows", rows)),
            StageOutput.of(
                    Stage.REJECTS,
                    LedgerReader.withParts(
                        Map.of("rows", rejected - duplicates, DUPLICATES, duplicates),
                        rejects,
                        LedgerReader.REJECTED))
                .withFact(BY_RULE, JobContext.fact(byRule))),
        notes(rejected - duplicates, duplicates, rejects, byRule, context.config()));
  }

  private static List<String> notes(
      long rejected,
      long duplicates,
      Dataset<Row> rejects,
      Map<String, Long> byRule,
      PipelineConfig config) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "%,d rejected, %,d duplicates%s"
            .formatted(rejected, duplicates, duplicatesByPart(rejects)));
    if (rejected > 0) {
      notes.add("rejected: " + reasons(rejected, rejects));
    }
    if (byRule.containsKey(RejectUnlabelled.PLACE)) {
      config.normalise().label().stream()
          .filter(label -> label.type() == LabelType.SET)
          .forEach(label -> notes.add(missingSet(Objects.requireNonNull(label.column()))));
    }
    return notes;
  }

  /** How a label that was taken to be missing becomes the empty set. */
  private static String missingSet(String column) {
    return ("label %1$s: a null, as an empty field of CSV is, counts as a missing label; where it"
            + " means a set without a name, add the rule { type = derive, column = \"%1$s\", to ="
            + " STRING, expression = \"coalesce(`%1$s`, '')\" }")
        .formatted(column);
  }

  /** By which rules rows were rejected, and for which columns, the most frequent first. */
  private static String reasons(long rejected, Dataset<Row> rejects) {
    List<String> reasons = new ArrayList<>();
    long others = rejected;
    for (Row row :
        rejects
            .filter(not(col("_rule").endsWith(DUPLICATE_RULE)))
            .groupBy(col("_rule"), Cleaning.rejectedFor().as("columns"))
            .count()
            .orderBy(col("count").desc(), col("_rule"), col("columns"))
            .limit(SHOWN_REASONS)
            .collectAsList()) {
      long count = row.getLong(2);
      String columns = row.getString(1);
      reasons.add("%,d by %s (%s)".formatted(count, row.getString(0), Excerpt.of(columns)));
      others -= count;
    }
    if (others > 0) {
      reasons.add("%,d otherwise".formatted(others));
    }
    return String.join("; ", reasons);
  }

  /**
   * The rules of the configuration, and those that every training needs: a row has a label, and a
   * tag for each token.
   *
   * @throws InvalidInput (configuration) if the rules do not fit the columns, or leave no label
   */
  static Cleaning cleaning(Dataset<Row> raw, PipelineConfig config) {
    return new Cleaning(SparkSchema.contract(raw.schema()), rules(config));
  }

  private static List<Rule> rules(PipelineConfig config) {
    List<Rule> rules = new ArrayList<>(config.clean().rules());
    List<String> labels = config.normalise().labelColumns();
    if (!labels.isEmpty()) {
      rules.add(new RejectUnlabelled(labels));
    }
    for (TaggedText tagged : config.normalise().tagged()) {
      rules.add(new RejectMisaligned(tagged.label(), tagged.column(), tagged.tokeniser()));
    }
    return rules;
  }

  /** Of which parts the duplicates are, where rows have parts already. */
  private static String duplicatesByPart(Dataset<Row> rejects) {
    if (!List.of(rejects.columns()).contains(DatasetContract.PART)) {
      return "";
    }
    Map<Part, Long> counts = Split.counts(rejects.filter(col("_rule").endsWith(DUPLICATE_RULE)));
    return " (%s)"
        .formatted(
            counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> "%s %,d".formatted(entry.getKey().text(), entry.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static Map<String, Long> byRule(Dataset<Row> rejects) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : rejects.groupBy(col("_rule")).agg(functions.count("*")).collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }
}
