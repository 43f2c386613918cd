package sluice.augment;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.features.TensorSpec;

/**
 * Where the features stand in a row of the feature table: all numbers of all groups in one array,
 * all category indices in another, in the order of the groups. Immutable.
 */
public final class FeatureLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The key of an example, as {@link sluice.data.RowKey} has it. */
  public static final String KEY = "key";

  /** The class index or the number to predict. */
  public static final String LABEL = "label";

  /** In added examples, the key of the row that an example was made from. */
  public static final String SOURCE_KEY = "source_key";

  /** In added examples, a number that is unique among the examples of one source row. */
  public static final String COPY = "copy";

  private final int width;
  private final int key;
  private final int[] floatColumns;
  private final int[] floatSizes;
  private final int[] indexColumns;
  private final int[] indexSizes;

  FeatureLayout(StructType schema, List<TensorSpec> groups) {
    width = schema.size();
    key = schema.fieldIndex(KEY);
    floatColumns = columns(schema, groups, true);
    floatSizes = sizes(groups, true);
    indexColumns = columns(schema, groups, false);
    indexSizes = sizes(groups, false);
  }

  /** The columns of added examples: those of the feature table, and where they come from. */
  public static StructType addedSchema(StructType features) {
    return features
        .add(SOURCE_KEY, DataTypes.BinaryType, false)
        .add(COPY, DataTypes.IntegerType, false);
  }

  /** How many numbers an example has. */
  public int floats() {
    return Arrays.stream(floatSizes).sum();
  }

  /** How many category indices an example has. */
  public int indices() {
    return Arrays.stream(indexSizes).sum();
  }

  /** The key of an example. */
  public byte[] key(Row row) {
    return row.getAs(key);
  }

  /** The numbers of an example. */
  public float[] floats(Row row) {
    float[] values = new float[floats()];
    int at = 0;
    for (int group = 0; group < floatColumns.length; group++) {
      for (float value : this.<Float>values(row, floatColumns[group], floatSizes[group])) {
        values[at++] = value;
      }
    }
    return values;
  }

  /** The category indices of an example. */
  public int[] indices(Row row) {
    int[] values = new int[indices()];
    int at = 0;
    for (int group = 0; group < indexColumns.length; group++) {
      for (int value : this.<Integer>values(row, indexColumns[group], indexSizes[group])) {
        values[at++] = value;
      }
    }
    return values;
  }

  /**
   * An example made of a row, in the columns of {@link #addedSchema}.
   *
   * @param copy its number among those made of the row, from {@link AugmentContext#firstCopy}
   * @param floats the numbers that it has, as {@link #floats(Row)} gives them
   * @param indices the category indices that it has, as {@link #indices(Row)} gives them
   */
  public Row added(Row source, int copy, float[] floats, int[] indices) {
    @Nullable Object[] values = new Object[width + 2];
    for (int i = 0; i < width; i++) {
      values[i] = source.get(i);
    }
    values[key] = AugmentContext.key(key(source), copy);
    int at = 0;
    for (int group = 0; group < floatColumns.length; group++) {
      values[floatColumns[group]] = Arrays.copyOfRange(floats, at, at + floatSizes[group]);
      at += floatSizes[group];
    }
    at = 0;
    for (int group = 0; group < indexColumns.length; group++) {
      values[indexColumns[group]] = Arrays.copyOfRange(indices, at, at + indexSizes[group]);
      at += indexSizes[group];
    }
    values[width] = key(source);
    values[width + 1] = copy;
    return RowFactory.create(values);
  }

  private <T> List<T> values(Row row, int column, int size) {
    List<T> values = row.getList(column);
    if (values.size() != size) {
      throw new IllegalStateException(
          "%s: column %d has %d values, its group %d"
              .formatted(HexFormat.of().formatHex(key(row)), column, values.size(), size));
    }
    return values;
  }

  private static int[] columns(StructType schema, List<TensorSpec> groups, boolean floats) {
    return groups.stream()
        .filter(group -> group.element().isNumber() == floats)
        .mapToInt(group -> schema.fieldIndex(group.name()))
        .toArray();
  }

  private static int[] sizes(List<TensorSpec> groups, boolean floats) {
    return groups.stream()
        .filter(group -> group.element().isNumber() == floats)
        .mapToInt(TensorSpec::size)
        .toArray();
  }
}
