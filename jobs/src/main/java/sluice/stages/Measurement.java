package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.clean.Cleaning;
import sluice.config.PipelineConfig;
import sluice.config.PredictSettings;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.ValueParser;
import sluice.decision.FittedDecision;
import sluice.evaluation.Evaluation;
import sluice.evaluation.HeadlineTable;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.MetricsFile;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.ingest.IngestSettings;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.FittedLabel;
import sluice.normalise.Normalise;
import sluice.normalise.SetLabel;

/**
 * Measures predictions against the label that new rows have, with the metrics of {@code evaluate}.
 * Whatever a row has for a label, it is scored all the same: what only the label is made of is read
 * as text where files hold texts, and becomes a value here.
 *
 * @param cleaning the rules that make the label of a row as it is read
 * @param bundle whose predictions they are
 * @param texts the columns of its input that are read as text
 * @param parser makes values of these texts
 */
record Measurement(Cleaning cleaning, ModelBundle bundle, List<Field> texts, ValueParser parser) {
  /**
   * The measurement of a bundle's predictions.
   *
   * @param config has the rules that make the label, which a bundle does not have
   * @param source the rows to score
   * @throws InvalidInput (configuration) if they make no such label
   */
  static Measurement of(
      PipelineConfig config, PredictSettings.SourceSettings source, ModelBundle bundle) {
    Cleaning cleaning =
        new Cleaning(config.ingest().rowContract(), config.clean().rules()).scoring();
    List<String> labels = bundle.targets().stream().map(target -> target.label().column()).toList();
    List<String> missing =
        labels.stream()
            .filter(label -> !cleaning.outputContract().has(label))
            .map(
                label ->
                    "predict.measure needs the label of bundle %s, and clean gives: %s"
                        .formatted(bundle.id(), cleaning.outputContract().unknown(label)))
            .toList();
    if (!missing.isEmpty()) {
      throw InvalidInput.configuration(missing);
    }
    Cleaning narrowed = cleaning.narrowedTo(labels);
    IngestSettings read = source.over(config.ingest(), config.ingest().contract());
    DatasetContract scored = bundle.needed().input();
    List<Field> texts =
        narrowed.input().fields().stream()
            .filter(field -> read.format().holdsTexts() && field.type() != FieldType.STRING)
            .filter(field -> !scored.has(field.name()))
            .filter(field -> !field.name().equals(config.ingest().key()))
            .toList();
    return new Measurement(narrowed, bundle, texts, read.notation().parser());
  }

  /**
   * The columns of the input that the labels are made of, and those that its rules look at, as they
   * are read.
   */
  List<Field> columns() {
    return cleaning.input().fields().stream()
        .map(field -> texts.contains(field) ? new Field(field.name(), FieldType.STRING) : field)
        .toList();
  }

  /**
   * The metrics of each label, of all scored rows that have it and whose label the bundle knows; a
   * label without such a row has none.
   *
   * @throws InvalidInput (data) if there is no such row for any label
   */
  MetricsFile metrics(JobContext context, Scoring scoring, Dataset<Row> scored) {
    List<Column> truths = new ArrayList<>();
    truths.add(col(DatasetContract.KEY));
    Dataset<Row> rows = labelled(scoring);
    bundle
        .targets()
        .forEach(
            target ->
                truths.add(
                    when(readable(target.index()), truth(target))
                        .as(PartPredictions.truth(target))));
    List<Predictions> predictions =
        PartPredictions.of(
            scored
                .withColumnRenamed(FeatureColumns.KEY, DatasetContract.KEY)
                .join(rows.select(truths.toArray(Column[]::new)), DatasetContract.KEY),
            bundle.targets(),
            BatchScorer::output,
            List.of());
    if (predictions.stream().allMatch(said -> said.rows() == 0)) {
      throw InvalidInput.data(
          "predict.measure: no row that was scored has a label %s that the bundle knows"
              .formatted(
                  bundle.targets().stream()
                      .map(target -> target.label().column())
                      .collect(Collectors.joining(" or "))));
    }
    long count = scored.count();
    return new MetricsFile(
        bundle.targets().stream()
            .map(target -> report(context, target, predictions.get(target.index()), count))
            .toList());
  }

  private Dataset<Row> labelled(Scoring scoring) {
    return cleaning.apply(valued(scoring.rows())).accepted();
  }

  /**
   * The names that the bundle does not know, which the sets of scored rows are measured without.
   */
  List<String> unlearnt(Scoring scoring, Dataset<Row> scored) {
    List<String> lines = new ArrayList<>();
    for (BundleTarget target : bundle.targets()) {
      if (target.fitted() instanceof SetLabel sets) {
        Column key = col(FeatureColumns.KEY).as(DatasetContract.KEY);
        Normalise.unlearnt(
                sets,
                labelled(scoring)
                    .join(scored.select(key), new String[] {DatasetContract.KEY}, "left_semi"))
            .ifPresent(
                names ->
                    lines.add(
                        target.prefix()
                            + "measured without names that the bundle does not know, with their rows: "
                            + names));
      }
    }
    return lines;
  }

  private static MetricsReport report(
      JobContext context, BundleTarget target, Predictions predictions, long count) {
    Label label = target.label();
    return Evaluation.of(
            label,
            ModelPredictions.ofCalibrated(
                predictions,
                new FittedDecision(target.decision(), List.of()),
                target.positiveIndex()),
            Map.of(),
            context.config().evaluate().metricsAlone(),
            Map.of(PredictStage.SCORED, count),
            MeasuredOn.HELD_OUT_ROWS,
            context.config().pipeline().seed())
        .report();
  }

  /**
   * The rows with values for texts, and along with them whether what each label is made of could be
   * read: a rule may make something of a missing value, but not of a text that is none.
   */
  private Dataset<Row> valued(Dataset<Row> rows) {
    Map<String, Column> readable = new LinkedHashMap<>();
    Map<String, Column> values = new LinkedHashMap<>();
    for (Field field : texts) {
      FieldType type = field.type();
      ValueParser reader = parser;
      UDF1<@Nullable String, @Nullable Object> parse =
          text -> text == null || text.isEmpty() ? null : reader.parse(text, type);
      Column text = Columns.named(field.name());
      Column value = functions.udf(parse, DataType.fromDDL(type.ddl())).apply(text);
      readable.put(field.name(), text.isNull().or(text.equalTo("")).or(value.isNotNull()));
      values.put(field.name(), value);
    }
    Column[] labels =
        bundle.targets().stream()
            .map(
                target ->
                    cleaning.narrowedTo(List.of(target.label().column())).input().names().stream()
                        .flatMap(name -> Stream.ofNullable(readable.get(name)))
                        .reduce(lit(true), Column::and))
            .toArray(Column[]::new);
    return rows.withColumn(DatasetContract.ALONG, Columns.row(labels)).withColumns(values);
  }

  private static Column readable(int label) {
    return col(DatasetContract.ALONG).getField("_" + label);
  }

  /** The label's class, its number as it was read, its tags or names; null if it has none. */
  private static Column truth(BundleTarget target) {
    FittedLabel label = target.fitted();
    if (target.label().task().isOfIndices()) {
      return Normalise.label(label);
    }
    UDF1<@Nullable Object, @Nullable Double> truth = label::truth;
    return functions.udf(truth, DataTypes.DoubleType).apply(Columns.named(label.column()));
  }

  /** The metrics for a screen. */
  static List<String> lines(MetricsFile metrics) {
    List<String> lines = new ArrayList<>();
    for (MetricsReport report : metrics.reports()) {
      String prefix = metrics.reports().size() == 1 ? "" : report.label().column() + ": ";
      lines(report).forEach(line -> lines.add(prefix + line));
      HeadlineTable.of(report).lines().forEach(lines::add);
    }
    return lines;
  }

  private static List<String> lines(MetricsReport report) {
    long scored = report.rows().getOrDefault(PredictStage.SCORED, 0L);
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "measured on the %,d of %,d scored rows that have a label",
            report.test().rows(),
            scored));
    if (scored > report.test().rows()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "not measured: %,d scored rows without a label, or with one that the bundle does not"
                  + " know",
              scored - report.test().rows()));
    }
    return lines;
  }
}
