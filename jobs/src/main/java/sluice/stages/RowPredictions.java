package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.bundle.SentBundle;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.predictions.Model;
import sluice.evaluation.predictions.ModelRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.run.Stage;
import sluice.split.Part;

/**
 * What the network and each baseline say of each row of the validation part and of the part that is
 * judged, neither calibrated nor with a threshold: for comparisons with other programs.
 */
final class RowPredictions {
  /** The table, beside the metrics. */
  static final String TABLE = "predictions.parquet";

  private static final String TRUTH = "truth";
  private static final String INDICES = "indices";

  private final JobContext context;
  private final Path table;

  /**
   * @param directory that gets the table
   */
  RowPredictions(JobContext context, Path directory) {
    this.context = context;
    this.table = new Path(directory, TABLE);
  }

  /**
   * Writes them: {@code label} (its column), {@code model}, {@code part}, {@code key} as in the
   * feature table, {@code truth} (the index of the class, or the number; null for tags and sets),
   * {@code indices} (of the tag of each token, or of the names of the set; null for other labels)
   * and {@code outputs} (the probability of each class, of each name, of each tag at each token
   * that was read, or one number).
   */
  void write(ModelBundle bundle, List<LabelJudgement> judgements) {
    Dataset<Row> features =
        context
            .read(Stage.FEATURES)
            .filter(
                col(FeatureColumns.PART)
                    .isin(LabelJudgement.part(context).text(), Part.VALIDATION.text()));
    Model network = new SentBundle(bundle.undecided()).model();
    for (LabelJudgement judgement : judgements) {
      BundleTarget target = judgement.target();
      Dataset<Row> labelled = PartPredictions.labelled(features, target);
      write(labelled, target, MetricsReport.NETWORK, network, target.index());
      for (BaselineResult baseline : judgement.baselines()) {
        write(labelled, target, baseline.fitted().name(), baseline.fitted().model(), 0);
      }
    }
  }

  private void write(
      Dataset<Row> rows, BundleTarget target, String name, Model model, int ofModel) {
    boolean ofIndices = target.label().task().isOfIndices();
    Column label = col(FeatureColumns.LABEL);
    ModelRows.score(
        rows,
        List.of(
            lit(target.label().column()).as("label"),
            lit(name).as("model"),
            col(FeatureColumns.PART),
            col(FeatureColumns.KEY),
            (ofIndices ? lit(null) : label).cast("double").as(TRUTH),
            (ofIndices ? label : lit(null)).cast("array<int>").as(INDICES)),
        model,
        scored -> {
          scored
              .select(
                  col("label"),
                  col("model"),
                  col(FeatureColumns.PART),
                  col(FeatureColumns.KEY),
                  col(TRUTH),
                  col(INDICES),
                  ModelRows.outputs(ofModel).as("outputs"))
              .write()
              .mode(SaveMode.Append)
              .parquet(table.toString());
          return table;
        });
  }
}
