package sluice.augment;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.features.TensorColumns;
import sluice.normalise.Normalise;

/** The examples that a {@link RowAugmenter} adds: changed copies of rows, made into features. */
final class AddedRows {
  /** The class of a row by index, while it is copied. */
  private static final String LABEL = "_label";

  /** Where a copy comes from, beside what it becomes. */
  private static final StructType ORIGIN =
      new StructType()
          .add(FeatureLayout.SOURCE_KEY, DataTypes.BinaryType, false)
          .add(FeatureLayout.COPY, DataTypes.IntegerType, false);

  private AddedRows() {}

  /**
   * Makes examples.
   *
   * @param features of the same rows, by which classes are counted
   * @throws InvalidInput if the classes do not suit the augmenter; (data) if a copy gives no
   *     features, which of texts as series cannot be
   */
  static Augmenter.Added of(
      TrainRows train, TrainFeatures features, RowAugmenter step, AugmentContext context) {
    RowCopies.Copies copies = step.rowCopies().of(features, context);
    Column label =
        step.needsClasses() ? Normalise.label(train.preprocessing().labels().get(0)) : lit(0);
    StructType copied = train.rows().schema().add(DatasetContract.ALONG, ORIGIN, false);
    Dataset<Row> changed =
        train
            .rows()
            .withColumn(LABEL, label)
            .flatMap(
                new CopyRows(step, context, copies, train.rows().schema()), Encoders.row(copied));
    AcceptedRejected made = Normalise.apply(train.preprocessing(), changed);
    if (!train.preprocessing().givesSeries(step.columns())) {
      requireNone(made.rejected(), context);
    }
    Column origin = col(DatasetContract.ALONG);
    // Where other steps make numbers of bytes, these become numbers too.
    Dataset<Row> examples =
        train.preprocessing().schema().inputs().equals(features.schema().inputs())
            ? made.accepted()
            : TensorColumns.decoded(made.accepted(), train.preprocessing().schema().inputs());
    Dataset<Row> rows =
        examples
            .withColumn(FeatureLayout.SOURCE_KEY, origin.getField(FeatureLayout.SOURCE_KEY))
            .withColumn(FeatureLayout.COPY, origin.getField(FeatureLayout.COPY))
            .drop(DatasetContract.ALONG);
    return new Augmenter.Added(rows, copies.most());
  }

  /** The fit has seen no changed value: a category that it does not know may be refused. */
  private static void requireNone(Dataset<Row> rejected, AugmentContext context) {
    List<String> problems = new ArrayList<>();
    Normalise.reasons(rejected)
        .forEach(
            (reason, rows) ->
                problems.add(
                    context.problem(
                        "made %s rows that give no features: %s".formatted(rows, reason))));
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static final class CopyRows implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final RowAugmenter step;
    private final AugmentContext context;
    private final RowCopies.Copies copies;
    private final int width;
    private final int key;
    private final int[] changed;

    CopyRows(
        RowAugmenter step, AugmentContext context, RowCopies.Copies copies, StructType schema) {
      this.step = step;
      this.context = context;
      this.copies = copies;
      this.width = schema.size();
      this.key = schema.fieldIndex(DatasetContract.KEY);
      this.changed = step.columns().stream().mapToInt(schema::fieldIndex).toArray();
    }

    @Override
    public Iterator<Row> call(Row row) {
      int count = copies.of(row.getInt(width), row.getAs(key));
      return IntStream.range(context.firstCopy(), context.firstCopy() + count)
          .mapToObj(copy -> copy(row, copy))
          .iterator();
    }

    private Row copy(Row row, int copy) {
      byte[] source = row.getAs(key);
      SeededRandom random = context.random(source, copy);
      List<@Nullable Object> values = new ArrayList<>(width + 1);
      for (int i = 0; i < width; i++) {
        values.add(row.get(i));
      }
      values.set(key, AugmentContext.key(source, copy));
      for (int column : changed) {
        Object value = row.get(column);
        values.set(column, value == null ? null : step.changed(value, random));
      }
      values.add(RowFactory.create(source, copy));
      return RowFactory.create(values.toArray());
    }
  }
}
