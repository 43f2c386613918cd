package sluice.evaluation;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import sluice.normalise.FeatureGroup;
import sluice.statistics.ExactSum;

/**
 * The same answer for every row: of classes the shares that they have in the train part, hence the
 * most frequent one; of numbers the mean of the train part.
 */
record Constant(Answer answer) implements Baseline {

  enum Answer {
    MAJORITY,
    MEAN
  }

  @Override
  public Optional<String> objection(Label label, List<FeatureGroup> groups) {
    boolean number = label.task() == Task.REGRESSION;
    return number == (answer == Answer.MEAN)
        ? Optional.empty()
        : Optional.of(number ? "needs a class label" : "needs a numeric label");
  }

  @Override
  public int mostTrainRows(Label label, List<FeatureGroup> groups) {
    return Integer.MAX_VALUE;
  }

  @Override
  public FeatureTable.Form form() {
    return FeatureTable.Form.VALUES;
  }

  @Override
  public Fitted fit(Parts parts) {
    Label label = parts.label();
    Map<Double, Long> counts = new TreeMap<>();
    for (Row row : parts.train().groupBy(col(FeatureTable.LABEL)).count().collectAsList()) {
      counts.put(row.getDouble(0), row.getLong(1));
    }
    long rows = counts.values().stream().mapToLong(Long::longValue).sum();
    List<Column> outputs = new ArrayList<>();
    if (answer == Answer.MEAN) {
      ExactSum sum = new ExactSum();
      counts.forEach((value, count) -> sum.addProduct(value, count));
      outputs.add(lit(sum.value() / rows));
    } else {
      for (double c = 0; c < label.classes().size(); c++) {
        outputs.add(lit((double) counts.getOrDefault(c, 0L) / rows));
      }
    }
    Column output = array(outputs.toArray(Column[]::new));
    return new Fitted(Map.of(), table -> table.withColumn(Fitted.OUTPUT, output));
  }
}
