package sluice.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import sluice.data.Columns;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.Predictor;
import sluice.normalise.FeatureGroup;

/** Scores tables of features on the executors, with the same bits as {@link Scorer}. */
public final class BatchScorer {
  /** The most likely class, or the number on the scale of the label as it was read. */
  public static final String PREDICTION = "prediction";

  /** The class that the bundle decides on; only for classes. */
  public static final String DECISION = "decision";

  /** The calibrated probability of each class in the label's order; {@code array<float>}. */
  public static final String PROBABILITIES = "probabilities";

  /** Examples that go into the network together. */
  private static final int AT_ONCE = 1024;

  private BatchScorer() {}

  /**
   * Rows with the bundle's predictions.
   *
   * @param features the feature groups and any other columns
   * @return the other columns as they were and for each label {@value #PREDICTION} and, for
   *     classes, {@value #DECISION} and {@value #PROBABILITIES}, by {@link #column}
   */
  public static Dataset<Row> score(Dataset<Row> features, ModelBundle bundle) {
    List<FeatureGroup> groups = bundle.definition().inputs();
    Set<String> names = new HashSet<>(groups.stream().map(FeatureGroup::name).toList());
    List<Column> columns = new ArrayList<>();
    List<StructField> fields = new ArrayList<>();
    for (StructField field : features.schema().fields()) {
      if (!names.contains(field.name())) {
        columns.add(Columns.named(field.name()));
        fields.add(field);
      }
    }
    int others = columns.size();
    groups.forEach(group -> columns.add(Columns.named(group.name())));
    bundle.targets().forEach(target -> addFields(target, fields));
    // The bundle travels as its files: what reads them there is what reads them everywhere.
    SortedMap<String, byte[]> files = bundle.files();
    Broadcast<Map<String, byte[]>> broadcast =
        new JavaSparkContext(features.sparkSession().sparkContext()).broadcast(files);
    return features
        .sparkSession()
        .createDataFrame(
            features
                .select(columns.toArray(Column[]::new))
                .toJavaRDD()
                .mapPartitions(rows -> new Scored(rows, others, broadcast.value())),
            new StructType(fields.toArray(StructField[]::new)));
  }

  private static void addFields(BundleTarget target, List<StructField> fields) {
    boolean classes = target.label().task().isOfClasses();
    fields.add(
        DataTypes.createStructField(
            column(target, PREDICTION),
            classes ? DataTypes.StringType : DataTypes.DoubleType,
            false));
    if (classes) {
      fields.add(
          DataTypes.createStructField(column(target, DECISION), DataTypes.StringType, false));
      fields.add(
          DataTypes.createStructField(
              column(target, PROBABILITIES),
              DataTypes.createArrayType(DataTypes.FloatType, false),
              false));
    }
  }

  /**
   * The name of a column that is about a label: as it is where there is one label, as in {@code
   * prediction_price} of several.
   *
   * @param name one of the names above
   */
  public static String column(BundleTarget target, String name) {
    return target.isOnly() ? name : name + "_" + target.fitted().column();
  }

  /** The names of all columns that {@link #score} adds. */
  public static List<String> columns(ModelBundle bundle) {
    List<StructField> fields = new ArrayList<>();
    bundle.targets().forEach(target -> addFields(target, fields));
    return fields.stream().map(StructField::name).toList();
  }

  /**
   * What {@link #score} says of a row, as an array: the probability of each class, or one number.
   */
  public static Column output(BundleTarget target) {
    return target.label().task().isOfClasses()
        ? Columns.named(column(target, PROBABILITIES))
        : functions.array(Columns.named(column(target, PREDICTION)));
  }

  /** Scores the rows of a partition, some at a time. */
  private static final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int others;
    private final List<BundleTarget> targets;
    private final ExampleLayout layout;
    private final Predictor predictor;
    private Iterator<Row> ready = List.<Row>of().iterator();

    Scored(Iterator<Row> rows, int others, Map<String, byte[]> files) {
      this.rows = rows;
      this.others = others;
      ModelBundle bundle = ModelBundle.of(files);
      this.targets = bundle.targets();
      this.layout = bundle.definition().layout();
      this.predictor = bundle.definition().predictor(bundle.parameters());
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!ready.hasNext()) {
        ready = scoreSome().iterator();
      }
      return ready.next();
    }

    private List<Row> scoreSome() {
      List<Row> taken = new ArrayList<>();
      while (rows.hasNext() && taken.size() < AT_ONCE) {
        taken.add(rows.next());
      }
      Examples examples = new Examples(layout);
      Example example = new Example(layout);
      for (Row row : taken) {
        example.clear();
        for (int g = 0; g < layout.groups(); g++) {
          put(example, g, row.getList(others + g));
        }
        examples.add(example);
      }
      float[][][] outputs = predictor.predict(examples);
      List<Row> scored = new ArrayList<>();
      for (int i = 0; i < taken.size(); i++) {
        scored.add(withPredictions(taken.get(i), outputs, i));
      }
      return scored;
    }

    private void put(Example example, int group, List<? extends Number> values) {
      if (layout.isIndexed(group)) {
        example.put(group, values.stream().mapToInt(Number::intValue).toArray());
      } else {
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = values.get(i).floatValue();
        }
        example.put(group, numbers);
      }
    }

    private Row withPredictions(Row row, float[][][] said, int example) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < others; i++) {
        values.add(row.get(i));
      }
      for (BundleTarget target : targets) {
        float[] outputs =
            target.decision().calibrated(said[target.index()][example], target.positiveIndex());
        Prediction prediction = target.prediction(outputs);
        if (prediction instanceof Prediction.OfNumber number) {
          values.add(number.value());
        } else if (prediction instanceof Prediction.OfClass ofClass) {
          values.add(ofClass.predicted());
          values.add(ofClass.decision());
          values.add(outputs);
        }
      }
      return RowFactory.create(values.toArray());
    }
  }
}
