package sluice.evaluation;

import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.Columns;
import sluice.normalise.FeatureGroup;

/**
 * The normalised features as the network is trained on them: what baselines are fitted to.
 *
 * @param rows one column a feature group beside key, part and label; nothing null
 * @param key a column of strings, unique among the rows of a part
 * @param part a column of strings, such as {@code train}
 * @param labelColumn a numeric column: a class's index, or the number to predict
 * @param groups the feature columns
 * @param label what is predicted
 */
public record FeatureTable(
    Dataset<Row> rows,
    String key,
    String part,
    String labelColumn,
    List<FeatureGroup> groups,
    Label label) {

  /** Columns of {@link #vectors}. */
  static final String KEY = "key";

  static final String LABEL = "label";
  static final String FEATURES = "features";

  public FeatureTable {
    groups = List.copyOf(groups);
  }

  /**
   * The rows of a part with one vector each: {@code key STRING, label DOUBLE, features VECTOR}, as
   * they come.
   */
  Dataset<Row> vectors(String ofPart) {
    Column[] columns =
        groups.stream().map(group -> Columns.named(group.name())).toArray(Column[]::new);
    Column features =
        udf(new ExpandFeatures(groups), SQLDataTypes.VectorType()).apply(Columns.row(columns));
    Column number = Columns.named(labelColumn).cast("double");
    Column named =
        label.task() == Task.REGRESSION
            ? number.as(LABEL)
            : number.as(
                LABEL,
                NominalAttribute.defaultAttr()
                    .withName(LABEL)
                    .withNumValues(label.classes().size())
                    .toMetadata());
    return rows.where(Columns.named(part).equalTo(ofPart))
        .select(Columns.named(key).as(KEY), named, features.as(FEATURES));
  }

  /**
   * A share of {@link #vectors}, drawn by key, in the order of the keys: the same rows in the same
   * places whatever the partitions of the table.
   */
  Dataset<Row> ordered(String ofPart, double share, int partitions, long seed) {
    Dataset<Row> vectors = vectors(ofPart);
    Dataset<Row> drawn =
        share >= 1
            ? vectors
            : vectors.where(
                udf(new Drawn(share, seed), DataTypes.BooleanType).apply(vectors.col(KEY)));
    return drawn.repartition(partitions, vectors.col(KEY)).sortWithinPartitions(KEY);
  }

  /** The number of rows of a part. */
  long count(String ofPart) {
    return rows.where(Columns.named(part).equalTo(ofPart)).count();
  }

  /** Whether a row belongs to a share of the rows. */
  private record Drawn(double share, long seed) implements UDF1<String, Boolean> {
    @Override
    public Boolean call(String key) {
      long hash = PoissonWeights.mix(Predictions.keyHash(key) ^ PoissonWeights.mix(seed));
      return (hash >>> 11) * 0x1p-53 < share;
    }
  }
}
