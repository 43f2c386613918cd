package sluice.evaluation.baselines;

import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.Columns;
import sluice.data.SplitMix64;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.Model;
import sluice.evaluation.predictions.ModelRows;
import sluice.evaluation.predictions.PredictionRows;
import sluice.features.TensorColumns;
import sluice.features.TensorSpec;
import sluice.statistics.Moments;

/**
 * The normalised features as the network is trained on them: what baselines are fitted to.
 *
 * @param rows one column a feature group beside key, part and label; nothing null
 * @param key a column of bytes or of texts, unique among the rows of a part
 * @param part a column of strings, such as {@code train}
 * @param labelColumn a numeric column: a class's index, or the number to predict; of tags and of
 *     sets an array of their indices
 * @param groups the feature columns
 * @param label what is predicted
 */
public record BaselineInput(
    Dataset<Row> rows,
    String key,
    String part,
    String labelColumn,
    List<TensorSpec> groups,
    Label label) {

  /** A column of the table that baselines are fitted to. */
  static final String KEY = "key";

  static final String LABEL = "label";
  static final String TOKEN = "token";
  static final String TAG = "tag";
  static final String FEATURES = "features";

  public BaselineInput {
    groups = List.copyOf(groups);
  }

  /** What a row's features look like. */
  enum Form {
    /** There are none. */
    LABEL_ALONE,
    /** A vector, with one-hot categories. */
    VECTOR,
    /** An array of floats, with the indices of categories. */
    VALUES
  }

  /**
   * The rows of a part: {@code key BINARY, label DOUBLE, features VECTOR or ARRAY<FLOAT>}, as they
   * come, of sets {@code label ARRAY<INT>}; without features in the form that has none.
   */
  Dataset<Row> rows(String ofPart, Form form) {
    List<Column> columns =
        new ArrayList<>(List.of(Columns.named(key).cast("binary").as(KEY), asLabel()));
    features(form).ifPresent(features -> columns.add(features.as(FEATURES)));
    return TensorColumns.decoded(rows.where(Columns.named(part).equalTo(ofPart)), groups)
        .select(columns.toArray(Column[]::new));
  }

  private Column asLabel() {
    Column read = Columns.named(labelColumn);
    return switch (label.task()) {
      case TAGS, MULTILABEL -> read.as(LABEL);
      case REGRESSION -> read.cast("double").as(LABEL);
      case BINARY, MULTICLASS ->
          read.cast("double")
              .as(
                  LABEL,
                  NominalAttribute.defaultAttr()
                      .withName(LABEL)
                      .withNumValues(label.classes().size())
                      .toMetadata());
    };
  }

  /**
   * The tokens of a part that have tags: {@code token INT}, an index among those of the group that
   * is tagged, and {@code tag INT}.
   */
  Dataset<Row> tagged(String ofPart) {
    Label.Tagging tagging = Objects.requireNonNull(label.tagging());
    return rows.where(Columns.named(part).equalTo(ofPart))
        .select(
            functions.explode(
                functions.arrays_zip(
                    Columns.named(tagging.of()).as(TOKEN), Columns.named(labelColumn).as(TAG))))
        .select("col." + TOKEN, "col." + TAG);
  }

  private Optional<Column> features(Form form) {
    Column[] columns =
        groups.stream().map(group -> Columns.named(group.name())).toArray(Column[]::new);
    return switch (form) {
      case LABEL_ALONE -> Optional.empty();
      case VECTOR ->
          Optional.of(
              udf(new ExpandFeatures(groups), SQLDataTypes.VectorType())
                  .apply(Columns.row(columns)));
      case VALUES ->
          Optional.of(
              udf(
                      new ExpandFeatures.Values(groups),
                      DataTypes.createArrayType(DataTypes.FloatType, false))
                  .apply(Columns.row(columns)));
    };
  }

  /**
   * A share of {@link #rows}, drawn by key, in one partition in the order of the keys: the same
   * rows in the same places whatever the partitions of the table.
   */
  Dataset<Row> ordered(String ofPart, Form form, double share, long seed) {
    Dataset<Row> all = rows(ofPart, form);
    Dataset<Row> drawn =
        share >= 1
            ? all
            : all.where(udf(new Drawn(share, seed), DataTypes.BooleanType).apply(all.col(KEY)));
    return drawn.repartition(1).sortWithinPartitions(KEY);
  }

  /** What a model says of the rows of a part. */
  Predictions predictions(String ofPart, Model model) {
    return ModelRows.score(
        rows.where(Columns.named(part).equalTo(ofPart)),
        List.of(Columns.named(key).cast("binary").as(KEY), asLabel()),
        model,
        scored ->
            PredictionRows.of(
                label,
                scored,
                new PredictionRows.Shape(KEY, LABEL, ModelRows.outputs(0), List.of())));
  }

  /** The number of rows of each part; parts without rows are left out. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new HashMap<>();
    for (Row row : rows.groupBy(Columns.named(part)).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  /** The moments of the labels of {@link #rows}, exact and hence the same in any order. */
  static Moments moments(Dataset<Row> labelled) {
    return labelled
        .select(LABEL)
        .toJavaRDD()
        .mapPartitions(
            some -> {
              Moments moments = new Moments();
              some.forEachRemaining(row -> moments.add(row.getDouble(0)));
              return List.of(moments).iterator();
            })
        .reduce(
            (one, other) -> {
              one.merge(other);
              return one;
            });
  }

  /** Whether a row belongs to a share of the rows. */
  private record Drawn(double share, long seed) implements UDF1<byte[], Boolean> {
    @Override
    public Boolean call(byte[] key) {
      long hash = SplitMix64.mixed(Predictions.keyHash(key) ^ SplitMix64.mixed(seed));
      return (hash >>> 11) * 0x1p-53 < share;
    }
  }
}
