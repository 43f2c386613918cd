package sluice.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;

/**
 * Makes added examples for the train part. Each step works on the train rows as they were; no step
 * sees what another added.
 */
public final class Augment {
  private Augment() {}

  /**
   * The added examples of every step, and only those: the columns of the feature table, then {@code
   * source_key BINARY} and {@code copy INT}. The key of an example is that of its source and four
   * bytes more, the number of the copy, see {@link AugmentContext#key}; copies of one row are
   * numbered from 1 through all steps, so that keys and (source key, copy) are unique. Columns that
   * are no features are the source row's. If a step changes numbers, pictures are numbers in all
   * that is added and not bytes, which would round.
   *
   * @param features scanned several times, here and whenever the result is
   * @param rows that the features were made of, likewise; null where no step {@link
   *     AugmentSettings#changesRows changes rows}
   * @throws InvalidInput if the features or the classes do not suit a step; a step that changes
   *     numbers does not suit features with a series
   */
  public static Dataset<Row> apply(
      TrainFeatures features, @Nullable TrainRows rows, AugmentSettings settings, long seed) {
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
    boolean changesNumbers = settings.steps().stream().anyMatch(Augment::changesNumbers);
    TrainFeatures train = changesNumbers ? features.decoded() : features;
    StructType schema = FeatureLayout.addedSchema(train.rows().schema());
    Dataset<Row> added = train.rows().sparkSession().createDataFrame(List.of(), schema);
    int firstCopy = 1;
    for (int i = 0; i < settings.steps().size(); i++) {
      Augmenter step = settings.steps().get(i);
      AugmentContext context =
          new AugmentContext(i + 1, Augmenters.TYPES.name(step), firstCopy, seed);
      Augmenter.Added more =
          step instanceof RowAugmenter ofRows
              ? AddedRows.of(Objects.requireNonNull(rows), train, ofRows, context)
              : ((FeatureAugmenter) step).add(train, context);
      added = added.unionByName(more.rows());
      firstCopy = Math.addExact(firstCopy, more.copies());
    }
    return added;
  }

  private static boolean changesNumbers(Augmenter step) {
    return step instanceof FeatureAugmenter ofFeatures && ofFeatures.changesNumbers();
  }

  /**
   * Why rows cannot be changed as they are to be: all problems, or none.
   *
   * @param cleaned the columns of the rows
   * @param read the columns that features are made of
   */
  public static List<String> problems(
      AugmentSettings settings, DatasetContract cleaned, Set<String> read) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < settings.steps().size(); i++) {
      if (settings.steps().get(i) instanceof RowAugmenter step) {
        String place = "augment.steps[%s]: ".formatted(i);
        for (String column : step.columns()) {
          if (!cleaned.has(column)) {
            problems.add(place + cleaned.unknown(column));
          } else if (cleaned.type(column) != step.type()) {
            problems.add(
                place
                    + "column %s must be %s for %s, is %s"
                        .formatted(
                            column,
                            step.type().ddl(),
                            Augmenters.TYPES.name(step),
                            cleaned.type(column).ddl()));
          } else if (!read.contains(column)) {
            problems.add(
                place
                    + "column %s must be in a feature group, which are of %s"
                        .formatted(column, String.join(", ", read)));
          }
        }
      }
    }
    return problems;
  }

  /**
   * Why texts whose tokens have tags cannot be changed: all problems, or none. A changed text has
   * other tokens, and its tags would be those of others.
   *
   * @param tagged the columns of such texts
   */
  public static List<String> taggedProblems(AugmentSettings settings, List<String> tagged) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < settings.steps().size(); i++) {
      if (settings.steps().get(i) instanceof RowAugmenter step) {
        for (String column : step.columns()) {
          if (tagged.contains(column)) {
            problems.add(
                "augment.steps[%s]: %s must not change column %s, whose tokens have tags"
                    .formatted(i, Augmenters.TYPES.name(step), column));
          }
        }
      }
    }
    return problems;
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
      if (changesNumbers(step)) {
        problems.add(
            "augment.steps[%s]: %s cannot make examples with a series, which feature group %s is; oversample repeats them as they are"
                .formatted(i, Augmenters.TYPES.name(step), String.join(" and ", series)));
      }
    }
    return problems;
  }
}
