package sluice.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import sluice.data.Columns;
import sluice.data.Task;
import sluice.evaluation.predictions.ModelRows;
import sluice.network.Predictor;

/** Scores tables of features on the executors, with the same bits as {@link Scorer}. */
public final class BatchScorer {
  /**
   * The most likely class, or the number on the scale of the label as it was read; of tags an array
   * of the most likely one of each token that was read, of a set one of its names.
   */
  public static final String PREDICTION = "prediction";

  /** The class that the bundle decides on; only for classes. */
  public static final String DECISION = "decision";

  /**
   * The calibrated probability of each class, or of each name of sets, in the label's order, of
   * tags of each at the first token that was read, then at the next; {@code array<float>}.
   */
  public static final String PROBABILITIES = "probabilities";

  private BatchScorer() {}

  /**
   * Rows with the bundle's predictions.
   *
   * @param features the feature groups and any other columns
   * @return the other columns as they were and for each label {@value #PREDICTION} and, for
   *     classes, {@value #DECISION} and {@value #PROBABILITIES}, by {@link BundleTarget#named}; for
   *     tags {@value PredictionColumns#PROBABILITY} of the most likely ones and {@value
   *     #PROBABILITIES}
   */
  public static Dataset<Row> score(Dataset<Row> features, ModelBundle bundle) {
    Set<String> groups = new HashSet<>();
    bundle.definition().inputs().forEach(group -> groups.add(group.name()));
    List<Column> kept = new ArrayList<>();
    for (String column : features.columns()) {
      if (!groups.contains(column)) {
        kept.add(Columns.named(column));
      }
    }
    List<StructField> added = new ArrayList<>();
    bundle.targets().forEach(target -> addFields(target, added));
    Broadcast<SentBundle> sent =
        new JavaSparkContext(features.sparkSession().sparkContext())
            .broadcast(new SentBundle(bundle));
    return ModelRows.with(
        features,
        kept,
        bundle.definition().layout(),
        added,
        () -> {
          ModelBundle own = sent.value().bundle();
          List<BundleTarget> targets = own.targets();
          Predictor predictor = own.definition().predictor(own.parameters());
          return examples -> values(targets, predictor.predict(examples), examples.size());
        });
  }

  private static void addFields(BundleTarget target, List<StructField> fields) {
    boolean classes = target.label().task().isOfClasses();
    if (target.label().task() == Task.TAGS) {
      fields.add(arrays(target.named(PREDICTION), DataTypes.StringType));
      fields.add(arrays(target.named(PredictionColumns.PROBABILITY), DataTypes.FloatType));
      fields.add(arrays(target.named(PROBABILITIES), DataTypes.FloatType));
      return;
    }
    if (target.label().task() == Task.MULTILABEL) {
      fields.add(arrays(target.named(PREDICTION), DataTypes.StringType));
      fields.add(arrays(target.named(PROBABILITIES), DataTypes.FloatType));
      return;
    }
    fields.add(
        DataTypes.createStructField(
            target.named(PREDICTION),
            classes ? DataTypes.StringType : DataTypes.DoubleType,
            false));
    if (classes) {
      fields.add(DataTypes.createStructField(target.named(DECISION), DataTypes.StringType, false));
      fields.add(arrays(target.named(PROBABILITIES), DataTypes.FloatType));
    }
  }

  private static StructField arrays(String name, DataType of) {
    return DataTypes.createStructField(name, DataTypes.createArrayType(of, false), false);
  }

  /**
   * What {@link #score} says of a row, as an array: the probability of each class or name, of each
   * tag at each token that was read, or one number.
   */
  public static Column output(BundleTarget target) {
    return target.label().task() == Task.REGRESSION
        ? functions.array(Columns.named(target.named(PREDICTION)))
        : Columns.named(target.named(PROBABILITIES));
  }

  /** The values of the added columns, by example. */
  private static List<Object[]> values(
      List<BundleTarget> targets, float[][][] outputs, int examples) {
    List<Object[]> all = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      List<Object> values = new ArrayList<>();
      for (BundleTarget target : targets) {
        float[] own = target.calibrated(outputs[target.index()][i]);
        Prediction prediction = target.prediction(own);
        if (prediction instanceof Prediction.OfNumber number) {
          values.add(number.value());
        } else if (prediction instanceof Prediction.OfClass ofClass) {
          values.add(ofClass.predicted());
          values.add(ofClass.decision());
          values.add(own);
        } else if (prediction instanceof Prediction.OfSet set) {
          values.add(set.names().toArray(String[]::new));
          values.add(own);
        } else if (prediction instanceof Prediction.OfTags tags) {
          values.add(tags.tags().toArray(String[]::new));
          values.add(tags.probabilities().toArray(Float[]::new));
          values.add(own);
        }
      }
      all.add(values.toArray());
    }
    return all;
  }
}
