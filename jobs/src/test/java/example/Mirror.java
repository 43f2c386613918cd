package example;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import sluice.augment.AugmentContext;
import sluice.augment.FeatureAugmenter;
import sluice.augment.FeatureLayout;
import sluice.augment.TrainFeatures;

/** An augmenter that another jar adds: each example again, with the opposite of its numbers. */
public record Mirror() implements FeatureAugmenter {
  @Override
  public Added add(TrainFeatures train, AugmentContext context) {
    FeatureLayout layout = train.layout();
    int copy = context.firstCopy();
    MapFunction<Row, Row> mirrored =
        row -> layout.added(row, copy, opposite(layout.floats(row)), layout.indices(row));
    Dataset<Row> rows =
        train.rows().map(mirrored, Encoders.row(FeatureLayout.addedSchema(train.rows().schema())));
    return new Added(rows, 1);
  }

  private static float[] opposite(float[] numbers) {
    float[] opposite = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      opposite[i] = -numbers[i];
    }
    return opposite;
  }
}
