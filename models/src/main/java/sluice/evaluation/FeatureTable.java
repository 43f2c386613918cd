package sluice.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

  /** Columns of {@link #assembled}. */
  static final String KEY = "key";

  static final String PART = "part";
  static final String LABEL = "label";
  static final String FEATURES = "features";

  public FeatureTable {
    groups = List.copyOf(groups);
  }

  /**
   * One vector a row, in one pass: {@code key STRING, part STRING, label DOUBLE, features VECTOR},
   * the rows of these parts by key in a fixed number of partitions, so that sums run in one order.
   */
  Dataset<Row> assembled(List<String> parts, int partitions) {
    Column[] columns = groups.stream().map(group -> column(group.name())).toArray(Column[]::new);
    Column features =
        udf(new ExpandFeatures(groups), SQLDataTypes.VectorType()).apply(struct(columns));
    Column number = column(labelColumn).cast("double");
    Column named =
        label.task() == Task.REGRESSION
            ? number.as(LABEL)
            : number.as(
                LABEL,
                NominalAttribute.defaultAttr()
                    .withName(LABEL)
                    .withNumValues(label.classes().size())
                    .toMetadata());
    return rows.where(column(part).isin(parts.toArray()))
        .repartition(partitions, column(key))
        .sortWithinPartitions(column(part), column(key))
        .select(column(key).as(KEY), column(part).as(PART), named, features.as(FEATURES));
  }

  /** The number of rows of a part. */
  long count(String ofPart) {
    return rows.where(column(part).equalTo(lit(ofPart))).count();
  }

  private static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
