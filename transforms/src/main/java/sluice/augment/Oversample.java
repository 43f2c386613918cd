package sluice.augment;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.InvalidInput;

/**
 * Repeats the rows of small classes: every row as often as goes into the count that is asked for,
 * and some once more, chosen by the seeded hash of their keys.
 *
 * @param classes {@code minority} (the class with the fewest train rows, at a tie the first),
 *     {@code all}, or a list of classes by name or else by index
 * @param ratio a chosen class that has fewer rows than the largest class times this, rounded, grows
 *     to exactly that; above 0
 */
public record Oversample(List<String> classes, double ratio) implements FeatureAugmenter {
  public Oversample {
    classes = List.copyOf(classes);
    List<String> problems = new ArrayList<>();
    ResamplingPlan.check(classes, ratio, problems);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public boolean changesNumbers() {
    return false;
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  @Override
  public Added add(TrainFeatures train, AugmentContext context) {
    ResamplingPlan plan = ResamplingPlan.plan(train, classes, ratio, context);
    Column key = col(FeatureLayout.KEY);
    Column copies =
        udf((UDF2<Integer, byte[], Integer>) plan::of, DataTypes.IntegerType)
            .apply(col(FeatureLayout.LABEL), key);
    Dataset<Row> counted = train.rows().withColumn(FeatureLayout.COPY, copies);
    Column last = col(FeatureLayout.COPY).plus(context.firstCopy() - 1);
    Dataset<Row> rows =
        counted
            .filter(col(FeatureLayout.COPY).gt(0))
            .withColumn(FeatureLayout.SOURCE_KEY, key)
            .withColumn(FeatureLayout.COPY, explode(sequence(lit(context.firstCopy()), last)))
            .withColumn(
                FeatureLayout.KEY,
                udf((UDF2<byte[], Integer, byte[]>) AugmentContext::key, DataTypes.BinaryType)
                    .apply(key, col(FeatureLayout.COPY)));
    return new Added(rows, plan.most());
  }
}
