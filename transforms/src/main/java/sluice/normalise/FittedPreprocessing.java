package sluice.normalise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;

/**
 * What was learned on the train rows: how a row becomes an example. Saved as JSON, equal to the bit
 * when read again. {@link #apply} is the Java face, which needs no Spark; {@link Normalise#apply}
 * is the Spark face.
 *
 * @param input the columns that the features are made of, without the label
 * @param features the fitted groups, in order
 * @param label the fitted label
 */
public record FittedPreprocessing(
    DatasetContract input, List<FittedGroup> features, FittedLabel label) {

  public FittedPreprocessing {
    features = List.copyOf(features);
    List<String> problems = new ArrayList<>();
    for (FittedGroup group : features) {
      for (FittedColumn column : group.columns()) {
        if (!input.has(column.column()) || input.type(column.column()) != column.type()) {
          problems.add(
              "group %s: column %s must be %s in the input, got %s"
                  .formatted(group.name(), column.column(), column.type().ddl(), input.ddl()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /** What a network must know of each feature group, in order. */
  public List<FeatureGroup> groups() {
    return features.stream().map(FittedGroup::describe).toList();
  }

  /**
   * Why rows of this table cannot be taken: all problems, or none. It reads no data.
   *
   * @param table the columns that there are
   */
  public List<String> problems(DatasetContract table) {
    List<String> problems = new ArrayList<>();
    input.fields().forEach(field -> problem(table, field.name(), field.type(), problems));
    String column = label.column();
    FieldType type = label.columnType();
    if (column != null && type != null && table.has(column)) {
      problem(table, column, type, problems);
    }
    return problems;
  }

  private static void problem(
      DatasetContract table, String column, FieldType type, List<String> problems) {
    if (!table.has(column)) {
      problems.add(
          "column %s is needed and missing, there are %s".formatted(column, table.names()));
    } else if (table.type(column) != type) {
      problems.add(
          "column %s must be %s as it was in training, got %s"
              .formatted(column, type.ddl(), table.type(column).ddl()));
    }
  }

  /**
   * One record as an example; its label is not looked at.
   *
   * @param row a record that has every column of {@link #input}
   */
  public Normalised apply(RawRecord row) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    Map<String, int[]> indices = new LinkedHashMap<>();
    for (FittedGroup group : features) {
      List<Object> values = new ArrayList<>();
      for (FittedColumn column : group.columns()) {
        Object value = column.value(row.value(column.column()));
        if (value == null || !FittedColumn.usable(value)) {
          return new Rejected(rejection(features, row));
        }
        values.add(value);
      }
      if (group.encoding() == FeatureGroup.Encoding.FLOAT) {
        floats.put(group.name(), floats(values));
      } else {
        indices.put(group.name(), values.stream().mapToInt(value -> (Integer) value).toArray());
      }
    }
    return new Features(floats, indices);
  }

  private static float[] floats(List<Object> values) {
    int length = 0;
    for (Object value : values) {
      length += value instanceof double[] numbers ? numbers.length : 1;
    }
    float[] floats = new float[length];
    int at = 0;
    for (Object value : values) {
      if (value instanceof double[] numbers) {
        for (double number : numbers) {
          floats[at++] = (float) number;
        }
      } else {
        floats[at++] = ((Double) value).floatValue();
      }
    }
    return floats;
  }

  /** Why a record gives no example: the reason of every column that is to blame, once. */
  static String rejection(List<FittedGroup> groups, RawRecord row) {
    return String.join(
        "; ",
        groups.stream()
            .flatMap(group -> group.columns().stream())
            .map(column -> column.rejection(row.value(column.column())))
            .filter(reason -> reason != null)
            .distinct()
            .toList());
  }
}
