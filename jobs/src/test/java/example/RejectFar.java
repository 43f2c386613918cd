package example;

import static org.apache.spark.sql.functions.udf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.clean.RowRule;
import sluice.clean.Rule;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.Require;

/** A rule that another jar adds: rejects a point that is too far from the origin. */
public record RejectFar(String x, String y, double most, At at) implements RowRule {
  public RejectFar {
    new Require().above("most", most, 0).hold();
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    for (String column : List.of(x, y)) {
      if (input.type(column) != FieldType.DOUBLE) {
        throw InvalidInput.data(
            "column %s must be a double, is %s".formatted(column, input.type(column).ddl()));
      }
    }
    return input;
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return List.of(x, y);
  }

  @Override
  public Optional<Rule> without(String absent) {
    return List.of(x, y).contains(absent) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    String reason = reason();
    double square = most * most;
    UDF2<Double, Double, String> rejection =
        (right, up) -> isFar(right, up, square) ? reason : null;
    return udf(rejection, DataTypes.StringType).apply(Columns.named(x), Columns.named(y));
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return isFar((Double) row.value(x), (Double) row.value(y), most * most) ? reason() : null;
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private static boolean isFar(@Nullable Double right, @Nullable Double up, double square) {
    return right != null && up != null && right * right + up * up > square;
  }

  private String reason() {
    return "%s, %s: further than %s from the origin".formatted(x, y, most);
  }
}
