package sluice.normalise;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.features.Element;
import sluice.features.FeatureSchema;

/**
 * What was learned on the train rows: how a row becomes an example. Saved as JSON, equal to the bit
 * when read again. {@link #apply} is the Java face, which needs no Spark; {@link Normalise#apply}
 * is the Spark face.
 *
 * @param input the columns that the features are made of, without the labels
 * @param features the fitted groups, in order
 * @param labels the fitted labels, of different columns; empty if nothing is predicted
 */
@JsonDeserialize(converter = FittedPreprocessing.Read.class)
public record FittedPreprocessing(
    DatasetContract input, List<FittedGroup> features, List<FittedLabel> labels)
    implements Serializable {

  /** Older files have one label, which they do not list. */
  static final class Read extends StdConverter<Read.Fields, FittedPreprocessing> {
    record Fields(
        DatasetContract input,
        List<FittedGroup> features,
        @Nullable FittedLabel label,
        @Nullable List<FittedLabel> labels) {}

    @Override
    public FittedPreprocessing convert(Fields read) {
      List<FittedLabel> labels =
          read.labels != null ? read.labels : read.label == null ? List.of() : List.of(read.label);
      return new FittedPreprocessing(read.input, read.features, labels);
    }
  }

  public FittedPreprocessing {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    List<String> problems = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (FittedLabel label : labels) {
      if (!columns.add(label.column())) {
        problems.add("labels must be of different columns, got %s twice".formatted(label.column()));
      }
    }
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

  /** What an example is. */
  public FeatureSchema schema() {
    return new FeatureSchema(
        features.stream().map(FittedGroup::tensor).toList(),
        labels.stream().flatMap(label -> label.tensor().stream()).toList());
  }

  /** The texts that become series, in the order of their groups. */
  public List<TextFeature> texts() {
    List<TextFeature> texts = new ArrayList<>();
    for (FittedGroup group : features) {
      FittedColumn first = group.columns().get(0);
      if (group.isSeries() && first.type() == FieldType.STRING) {
        FittedStep last = first.steps().get(first.steps().size() - 1);
        @Nullable IndexSeries series = last instanceof IndexSeries indices ? indices : null;
        texts.add(
            new TextFeature(
                first.column(),
                group.tensor(),
                series == null ? null : series.unknown(),
                series == null ? null : series.most()));
      }
    }
    return texts;
  }

  /** Whether series alone are made of these columns: whatever a text says, it is one. */
  public boolean givesSeries(Collection<String> columns) {
    return features.stream()
        .flatMap(group -> group.columns().stream())
        .filter(column -> columns.contains(column.column()))
        .allMatch(FittedColumn::isSeries);
  }

  /**
   * The tokens of a text.
   *
   * @param group one of {@code words}, {@code tokens} or {@code characters}
   */
  public List<String> tokens(String group, String text) {
    List<String> tokens = new ArrayList<>();
    for (FittedGroup each : features) {
      List<FittedStep> steps = each.columns().get(0).steps();
      if (each.name().equals(group)
          && !steps.isEmpty()
          && steps.get(steps.size() - 1) instanceof TokenSeries series) {
        series.tokeniser().tokenise(text, tokens::add);
      }
    }
    return tokens;
  }

  /**
   * Why rows of this table cannot be taken: all problems, or none. It reads no data.
   *
   * @param table the columns that there are
   */
  public List<String> problems(DatasetContract table) {
    List<String> problems = new ArrayList<>();
    input.fields().forEach(field -> problem(table, field.name(), field.type(), problems));
    labels.stream()
        .filter(label -> table.has(label.column()))
        .forEach(label -> problem(table, label.column(), label.columnType(), problems));
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
   * Requires the files of this machine that the steps need, so that what is missing is told before
   * the first record.
   *
   * @throws InvalidInput (data) as {@link FittedStep#requireFiles} does
   */
  public void requireFiles() {
    features.stream()
        .flatMap(group -> group.columns().stream())
        .flatMap(column -> column.steps().stream())
        .forEach(FittedStep::requireFiles);
  }

  /**
   * One record as an example; its labels are not looked at.
   *
   * @param row a record that has every column of {@link #input}
   */
  public Normalised apply(RawRecord row) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    Map<String, int[]> indices = new LinkedHashMap<>();
    for (FittedGroup group : features) {
      Pixels pixels = group.bytes();
      if (pixels != null) {
        FittedColumn column = group.columns().get(0);
        byte[] planes = pixels.planes(RawValues.value(column.entry(), row.value(column.column())));
        if (planes == null) {
          return new Rejected(rejection(features, row));
        }
        bytes.put(group.name(), planes);
        continue;
      }
      List<Object> values = new ArrayList<>();
      for (FittedColumn column : group.columns()) {
        Object value = column.value(row.value(column.column()));
        if (value == null || !FittedColumn.usable(value)) {
          return new Rejected(rejection(features, row));
        }
        values.add(value);
      }
      if (group.encoding() == Element.FLOAT32) {
        floats.put(group.name(), floats(values));
      } else if (values.get(0) instanceof WeightedIndices weighted) {
        indices.put(group.name(), weighted.indices());
        floats.put(group.name(), weighted.weights());
      } else if (group.isSeries()) {
        indices.put(group.name(), (int[]) values.get(0));
      } else {
        indices.put(group.name(), values.stream().mapToInt(value -> (Integer) value).toArray());
      }
    }
    return new Features(floats, bytes, indices);
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
