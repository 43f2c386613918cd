package sluice.clean;

import static org.apache.spark.sql.functions.udf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;
import sluice.text.Tokeniser;
import sluice.text.WhiteSpaceTokeniser;

/**
 * Rejects rows that do not have a tag for each token of a text; one that lacks the tags or the text
 * is kept.
 *
 * @param tags a column of tags that white space parts
 * @param text the column of the text
 * @param tokeniser what cuts the text
 */
public record RejectMisaligned(String tags, String text, Tokeniser tokeniser) implements LabelRule {

  @Override
  public String place() {
    return "normalise.label.of";
  }

  @Override
  public DatasetContract outputOf(DatasetContract input) {
    input.type(tags);
    input.type(text);
    return input;
  }

  @Override
  public List<String> judged(DatasetContract input) {
    return List.of(tags, text);
  }

  @Override
  public Optional<Rule> without(String column) {
    return column.equals(tags) || column.equals(text) ? Optional.empty() : Optional.of(this);
  }

  @Override
  public Column rejection(DatasetContract input) {
    String ofTags = tags;
    String ofText = text;
    Tokeniser cutting = tokeniser;
    UDF2<@Nullable Object, @Nullable Object, @Nullable String> reason =
        (tagged, parted) -> reason(ofTags, ofText, cutting, tagged, parted);
    return udf(reason, DataTypes.StringType).apply(Columns.named(tags), Columns.named(text));
  }

  @Override
  public Map<String, Column> changes(DatasetContract input) {
    return Map.of();
  }

  @Override
  public @Nullable String rejection(RawRecord row) {
    return reason(tags, text, tokeniser, row.value(tags), row.value(text));
  }

  @Override
  public RawRecord change(RawRecord row) {
    return row;
  }

  private static @Nullable String reason(
      String tags,
      String text,
      Tokeniser tokeniser,
      @Nullable Object tagged,
      @Nullable Object parted) {
    if (!(tagged instanceof String ofTags && parted instanceof String ofTokens)) {
      return null;
    }
    int given = WhiteSpaceTokeniser.tokens(ofTags).size();
    int needed = tokeniser.count(ofTokens);
    return given == needed
        ? null
        : "%s: must have a tag for each token of %s, got %s tags of %s tokens"
            .formatted(tags, text, given, needed);
  }
}
