package sluice.evaluation.baselines;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.Task;
import sluice.evaluation.metric.Label;
import sluice.features.TensorSpec;

/**
 * The same answer for every row: of classes the shares that they have in the train part, hence the
 * most frequent one, or of sets for each name whether most rows have it; of numbers the mean of the
 * train part. It takes all train rows, wherever they lie: counts and exact sums know no order.
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
    return label.task().isOfClasses() || label.task() == Task.MULTILABEL
        ? Optional.empty()
        : Optional.of("needs a label of classes or sets");
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
    int classes = label.classes().size();
    double[] outputs =
        switch (label.task()) {
          case REGRESSION -> new double[] {BaselineInput.moments(train).mean()};
          case MULTILABEL -> shares(train, explode(col(BaselineInput.LABEL)), classes);
          case BINARY, MULTICLASS -> shares(train, col(BaselineInput.LABEL).cast("int"), classes);
          case TAGS -> throw new IllegalStateException("no constant of tags");
        };
    return new Fitted(Map.of(), values -> outputs);
  }

  /**
   * The shares of the rows that have each class.
   *
   * @param had the class of a row, or a row for each name that it has
   */
  private static double[] shares(Dataset<Row> train, Column had, int classes) {
    double[] shares = new double[classes];
    for (Row row :
        train
            .select(had.as(BaselineInput.LABEL))
            .groupBy(BaselineInput.LABEL)
            .count()
            .collectAsList()) {
      shares[row.getInt(0)] = row.getLong(1);
    }
    long rows = train.count();
    for (int c = 0; c < classes; c++) {
      shares[c] /= rows;
    }
    return shares;
  }
}
