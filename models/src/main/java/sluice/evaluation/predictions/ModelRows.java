package sluice.evaluation.predictions;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
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

/**
 * Adds columns to feature tables, made of the rows' examples on the executors, many rows at a time.
 */
public final class ModelRows {
  private static final String OUTPUTS = "_outputs";

  /** Examples that go into a model together, unless they weigh too much. */
  private static final int AT_ONCE = 1024;

  /** Bytes of examples from which on no other is taken to go into a model together. */
  private static final long ENOUGH_BYTES = 64L << 20;

  private ModelRows() {}

  /** Makes, in each task, what gives values. */
  @FunctionalInterface
  public interface ValuesFactory extends Serializable {
    Values open();
  }

  /** Gives values of examples. */
  @FunctionalInterface
  public interface Values {
    /** The values of each example, in the order of their columns. */
    List<Object[]> of(Examples examples);
  }

  /**
   * What is made of rows with a model's outputs.
   *
   * @param features rows that have the groups of the model's layout
   * @param kept the columns that stay
   * @param use of these columns and {@link #outputs} of each label, which are there no longer when
   *     it ends: executors let go of the model
   */
  public static <T> T score(
      Dataset<Row> features, List<Column> kept, Model model, Function<Dataset<Row>, T> use) {
    List<StructField> added = new ArrayList<>();
    for (int label = 0; label < model.labels().size(); label++) {
      added.add(
          DataTypes.createStructField(
              OUTPUTS + label, DataTypes.createArrayType(DataTypes.DoubleType, false), false));
    }
    Broadcast<Model> sent =
        new JavaSparkContext(features.sparkSession().sparkContext()).broadcast(model);
    try {
      return use.apply(
          with(
              features,
              kept,
              model.layout(),
              added,
              () -> {
                Model.Outputs outputs = sent.value().open();
                return examples -> byExample(outputs.of(examples), examples.size());
              }));
    } finally {
      sent.destroy();
    }
  }

  private static List<Object[]> byExample(double[][][] outputs, int examples) {
    List<Object[]> values = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      int example = i;
      values.add(Arrays.stream(outputs).map(label -> label[example]).toArray());
    }
    return values;
  }

  /** What {@link #score} adds for a label: {@code array<double>}. */
  public static Column outputs(int label) {
    return functions.col(OUTPUTS + label);
  }

  /**
   * Rows with values that are made of their features.
   *
   * @param kept the columns that stay
   * @param added the columns that are added behind them
   */
  public static Dataset<Row> with(
      Dataset<Row> features,
      List<Column> kept,
      ExampleLayout layout,
      List<StructField> added,
      ValuesFactory values) {
    List<Column> columns = new ArrayList<>(kept);
    for (int g = 0; g < layout.groups(); g++) {
      columns.add(Columns.named(layout.name(g)));
    }
    List<StructField> fields =
        new ArrayList<>(List.of(features.select(kept.toArray(Column[]::new)).schema().fields()));
    fields.addAll(added);
    int others = kept.size();
    return features
        .sparkSession()
        .createDataFrame(
            features
                .select(columns.toArray(Column[]::new))
                .toJavaRDD()
                .mapPartitions(rows -> new ExtendedRows(rows, others, layout, values.open())),
            new StructType(fields.toArray(StructField[]::new)));
  }

  /** The rows of a partition with the values behind them, computed for many rows at a time. */
  private static final class ExtendedRows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final int others;
    private final ExampleLayout layout;
    private final Values values;
    private Iterator<Row> ready = List.<Row>of().iterator();

    ExtendedRows(Iterator<Row> rows, int others, ExampleLayout layout, Values values) {
      this.rows = rows;
      this.others = others;
      this.layout = layout;
      this.values = values;
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!ready.hasNext()) {
        ready = some().iterator();
      }
      return ready.next();
    }

    private List<Row> some() {
      List<Object[]> kept = new ArrayList<>();
      Examples examples = new Examples(layout);
      Example example = new Example(layout);
      while (rows.hasNext() && kept.size() < AT_ONCE && examples.bytes() < ENOUGH_BYTES) {
        Row row = rows.next();
        example.set(new RowValues(row, others, layout));
        examples.add(example);
        Object[] own = new Object[others];
        Arrays.setAll(own, row::get);
        kept.add(own);
      }
      List<Object[]> made = values.of(examples);
      List<Row> extended = new ArrayList<>();
      for (int i = 0; i < made.size(); i++) {
        extended.add(extended(kept.get(i), made.get(i)));
      }
      return extended;
    }

    private static Row extended(Object[] own, Object[] added) {
      Object[] all = Arrays.copyOf(own, own.length + added.length);
      System.arraycopy(added, 0, all, own.length, added.length);
      return RowFactory.create(all);
    }
  }

  /**
   * The values of a row.
   *
   * @param first the position of the first group
   */
  private record RowValues(Row row, int first, ExampleLayout layout)
      implements Example.GroupValues {
    @Override
    public float[] numbers(int group) {
      List<? extends Number> values = list(group, 1);
      float[] numbers = new float[values.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = values.get(i).floatValue();
      }
      return numbers;
    }

    @Override
    public int[] indices(int group) {
      return list(group, 0).stream().mapToInt(Number::intValue).toArray();
    }

    /** A column, or of weighted indices one of its two fields. */
    private List<? extends Number> list(int group, int field) {
      return layout.isWeighted(group)
          ? row.getStruct(first + group).getList(field)
          : row.getList(first + group);
    }

    @Override
    public byte[] bytes(int group) {
      return row.getAs(first + group);
    }
  }
}
