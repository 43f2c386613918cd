package sluice.augment;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;

/**
 * Makes added examples for the train part. Each step works on the train rows as they were; no step
 * sees what another added.
 */
public final class Augment {
  private Augment() {}

  /**
   * The added examples of every step on features, and only those: the columns of the feature table,
   * then {@code source_key BINARY} and {@code copy INT}. The key of an example is that of its
   * source and four bytes more, the number of the copy, see {@link AugmentContext#key}; copies of
   * one row are numbered from 1 through all steps, so that keys and (source key, copy) are unique.
   * Columns that are no features are the source row's. If a step changes numbers, pictures are
   * numbers in all that is added and not bytes, which would round.
   *
   * @param features scanned several times, here and whenever the result is
   * @throws InvalidInput if the features or the classes do not suit a step; a step that changes
   *     numbers does not suit features with a series
   */
  public static Dataset<Row> apply(TrainFeatures features, AugmentSettings settings, long seed) {
    List<String> problems =
        problems(
            settings,
            features.schema().inputs().stream()
                .filter(TensorSpec::isSeries)
                .map(TensorSpec::name)
                .toList());
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    boolean changesNumbers = settings.steps().stream().anyMatch(Augmenter::changesNumbers);
    TrainFeatures train = changesNumbers ? features.decoded() : features;
    StructType schema = FeatureLayout.addedSchema(train.rows().schema());
    Dataset<Row> added = train.rows().sparkSession().createDataFrame(List.of(), schema);
    int firstCopy = 1;
    for (int i = 0; i < settings.steps().size(); i++) {
      Augmenter step = settings.steps().get(i);
      AugmentContext context =
          new AugmentContext(i + 1, Augmenters.TYPES.name(step), firstCopy, seed);
      Augmenter.Added more = step.add(train, context);
      added = added.unionByName(more.rows());
      firstCopy = Math.addExact(firstCopy, more.copies());
    }
    return added;
  }

  /**
   * Why examples with these series cannot be made: all problems, or none. A series has a length of
   * its own in each example, and no layout of numbers holds it.
   *
   * @param series the names of the feature groups that are series
   */
  public static List<String> problems(AugmentSettings settings, List<String> series) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; !series.isEmpty() && i < settings.steps().size(); i++) {
      Augmenter step = settings.steps().get(i);
      if (step.changesNumbers()) {
        problems.add(
            "augment.steps[%s]: %s cannot make examples with a series, which feature group %s is; oversample repeats them as they are"
                .formatted(i, Augmenters.TYPES.name(step), String.join(" and ", series)));
      }
    }
    return problems;
  }
}
