package sluice.clean.text;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.clean.RowRule;
import sluice.clean.Values;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * A rule that rejects rows for their texts; a missing text is kept. Both faces run the same code.
 */
interface TextJudgement extends RowRule, Serializable {

  /** The columns of texts that are judged, at least one. */
  List<String> texts();

  /** What speaks against a text, to follow the text in a sentence; null if nothing does. */
  @Nullable String problem(String text);

  @Override
  default DatasetContract outputOf(DatasetContract input) {
    return TextColumns.require(texts(), input);
  }

  @Override
  default List<String> judged(DatasetContract input) {
    return texts();
  }

  @Override
  default Column rejection(DatasetContract input) {
    Column reasons =
        concat_ws(
            "; ",
            texts().stream()
                .map(
                    column -> {
                      UDF1<@Nullable String, @Nullable String> reason =
                          text -> reason(column, text);
                      return udf(reason, DataTypes.StringType).apply(Columns.named(column));
                    })
                .toArray(Column[]::new));
    return when(reasons.notEqual(lit("")), reasons);
  }

  @Override
  default Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  default @Nullable String rejection(RawRecord row) {
    List<String> reasons = new ArrayList<>();
    for (String column : texts()) {
      String reason = reason(column, row.value(column) instanceof String text ? text : null);
      if (reason != null) {
        reasons.add(reason);
      }
    }
    return reasons.isEmpty() ? null : String.join("; ", reasons);
  }

  @Override
  default RawRecord change(RawRecord row) {
    return row;
  }

  private @Nullable String reason(String column, @Nullable String text) {
    String problem = text == null ? null : problem(text);
    return problem == null ? null : column + ": " + Values.words(text) + " " + problem;
  }
}
