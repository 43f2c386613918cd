package sluice.evaluation.baselines;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.features.TensorSpec;

/**
 * The same answer for every row: of classes the shares that they have in the train part, hence the
 * most frequent one; of numbers the mean of the train part. It takes all train rows, wherever they
 * lie: counts and exact sums know no order.
 */
record Constant(Answer answer) implements Baseline {

  enum Answer {
    MAJORITY,
    MEAN
  }

  @Override
  public Optional<String> objection(Label label, List<TensorSpec> groups) {
    if (answer == Answer.MEAN) {
      return label.task() == Task.REGRESSION
          ? Optional.empty()
          : Optional.of("needs a numeric label");
    }
    return label.task().isOfClasses() ? Optional.empty() : Optional.of("needs a class label");
  }

  @Override
  public BaselineInput.Form form() {
    return BaselineInput.Form.LABEL_ALONE;
  }

  /**
   * Fits the model.
   *
   * @param train rows of {@link #form}, at least one
   */
  Fitted fit(Dataset<Row> train, Label label) {
    double[] outputs =
        answer == Answer.MEAN
            ? new double[] {BaselineInput.moments(train).mean()}
            : shares(train, label.classes().size());
    return new Fitted(Map.of(), values -> outputs);
  }

  private static double[] shares(Dataset<Row> train, int classes) {
    double[] shares = new double[classes];
    long rows = 0;
    for (Row row : train.groupBy(col(BaselineInput.LABEL)).count().collectAsList()) {
      shares[(int) row.getDouble(0)] = row.getLong(1);
      rows += row.getLong(1);
    }
    for (int c = 0; c < classes; c++) {
      shares[c] /= rows;
    }
    return shares;
  }
}
