package sluice.augment;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Makes added examples for the train part. Each step works on the train rows as they were; no step
 * sees what another added.
 */
public final class Augment {
  private Augment() {}

  /**
   * The added examples of every step on features, and only those: the columns of the feature table,
   * then {@code source_key STRING} and {@code copy INT}. The key of an example is {@code <source
   * key>+<type><copy>}; copies of one row are numbered from 1 through all steps, so that keys and
   * (source key, copy) are unique. Columns that are no features are the source row's.
   *
   * @param train scanned several times, here and whenever the result is
   * @throws sluice.data.InvalidInput if the features or the classes do not suit a step
   */
  public static Dataset<Row> apply(TrainFeatures train, AugmentSettings settings, long seed) {
    StructType schema = FeatureLayout.addedSchema(train.rows().schema());
    Dataset<Row> added = train.rows().sparkSession().createDataFrame(List.of(), schema);
    int firstCopy = 1;
    for (int i = 0; i < settings.steps().size(); i++) {
      Augmenter step = settings.steps().get(i);
      if (step instanceof FeatureAugmenter features) {
        AugmentContext context =
            new AugmentContext(i + 1, Augmenters.TYPES.name(step), firstCopy, seed);
        FeatureAugmenter.Added more = features.add(train, context);
        added = added.unionByName(more.rows());
        firstCopy = Math.addExact(firstCopy, more.copies());
      }
    }
    return added;
  }
}
