package sluice.clean.text;

import static org.apache.spark.sql.functions.udf;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * Rejects a row whose text is no good prose by the heuristics with which a corpus of the web was
 * cleaned; a missing text is kept. Those of C4 leave lines out of a text that is kept.
 *
 * @param column a column of strings
 * @param heuristics of the corpus
 */
public record RejectQuality(String column, TextQuality heuristics, At at)
    implements ColumnJudgement {

  @Override
  public @Nullable String problem(String text) {
    return heuristics.problem(text).orElse(null);
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    TextQuality quality = heuristics;
    UDF1<@Nullable String, @Nullable String> kept =
        text -> text == null ? null : quality.kept(text);
    return Map.of(column, udf(kept, DataTypes.StringType).apply(Columns.named(column)));
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row.value(column) instanceof String text ? row.with(column, heuristics.kept(text)) : row;
  }
}
