package sluice.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.normalise.FeatureColumns;
import sluice.normalise.TextFeature;
import sluice.normalise.WeightedColumns;
import sluice.quality.TextProfile.Lengths;
import sluice.quality.TextProfile.PartTexts;
import sluice.split.Part;
import sluice.split.Split;
import sluice.statistics.DiscreteQuantile;

/**
 * Profiles of the texts among the features, exact and independent of the order of rows: all texts
 * in one scan of the rows and one of the features. An executor holds how often each length occurs.
 */
public final class TextProfiles {
  private static final String PART = "_part";

  private TextProfiles() {}

  /**
   * The profile of each text.
   *
   * @param rows a split: the raw columns with their part
   * @param features the feature table that was made of it
   * @param mostSteps by feature group how many tokens the network reads at most, if it reads not
   *     all
   */
  public static List<TextProfile> of(
      Dataset<Row> rows,
      Dataset<Row> features,
      List<TextFeature> texts,
      Map<String, Integer> mostSteps) {
    if (texts.isEmpty()) {
      return List.of();
    }
    Map<String, Row> characters = characters(rows, texts);
    Map<String, Row> tokens = tokens(features, texts, mostSteps);
    List<TextProfile> profiles = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TextFeature text = texts.get(i);
      List<PartTexts> parts = new ArrayList<>();
      for (Part part : Part.values()) {
        Row counted = characters.get(part.text());
        if (counted != null) {
          parts.add(part(text, i, counted, Objects.requireNonNull(tokens.get(part.text()))));
        }
      }
      int cardinality = text.tensor().cardinalities().get(0);
      profiles.add(
          new TextProfile(
              text.column(),
              text.tensor().name(),
              text.hasUnknown() ? cardinality - 1 : cardinality,
              mostSteps.get(text.tensor().name()),
              parts));
    }
    return profiles;
  }

  private static Map<String, Row> characters(Dataset<Row> rows, List<TextFeature> texts) {
    List<Column> lengths = new ArrayList<>(List.of(col(Split.PART).as(PART)));
    List<Column> aggregates = new ArrayList<>(List.of(count(lit(1)).as("rows")));
    for (int i = 0; i < texts.size(); i++) {
      lengths.add(length(Columns.named(texts.get(i).column())).as("c" + i));
      aggregates.addAll(lengths("c" + i));
      aggregates.add(counted("c%s = 0".formatted(i)).as("empty" + i));
    }
    return byPart(rows.select(lengths.toArray(Column[]::new)), aggregates);
  }

  private static Map<String, Row> tokens(
      Dataset<Row> features, List<TextFeature> texts, Map<String, Integer> mostSteps) {
    List<Column> series = new ArrayList<>(List.of(col(FeatureColumns.PART).as(PART)));
    List<Column> lengths = new ArrayList<>(List.of(col(PART)));
    List<Column> aggregates = new ArrayList<>(List.of(count(lit(1)).as("rows")));
    for (int i = 0; i < texts.size(); i++) {
      Column each = Columns.named(texts.get(i).tensor().name());
      boolean isWeighted = texts.get(i).tensor().isWeighted();
      series.add((isWeighted ? each.getField(WeightedColumns.INDICES) : each).as("s" + i));
      lengths.add(size(col("s" + i)).as("t" + i));
      lengths.add(expr("size(filter(s%1$s, index -> index = 0))".formatted(i)).as("u" + i));
      aggregates.addAll(lengths("t" + i));
      aggregates.add(coalesce(sum("t" + i), lit(0L)).as("all" + i));
      aggregates.add(coalesce(sum("u" + i), lit(0L)).as("unknown" + i));
      @Nullable Integer most = mostSteps.get(texts.get(i).tensor().name());
      aggregates.add(
          (most == null ? lit(0L) : counted("t%s > %s".formatted(i, most))).as("cut" + i));
    }
    return byPart(
        features.select(series.toArray(Column[]::new)).select(lengths.toArray(Column[]::new)),
        aggregates);
  }

  private static Map<String, Row> byPart(Dataset<Row> rows, List<Column> aggregates) {
    Map<String, Row> parts = new HashMap<>();
    for (Row row :
        rows.groupBy(PART)
            .agg(aggregates.get(0), aggregates.stream().skip(1).toArray(Column[]::new))
            .collectAsList()) {
      parts.put(row.getAs(PART), row);
    }
    return parts;
  }

  /** How many rows this is true of. */
  private static Column counted(String condition) {
    return expr("count_if(%s)".formatted(condition));
  }

  private static List<Column> lengths(String column) {
    return List.of(
        DiscreteQuantile.of(0.5, column).as("median_" + column),
        DiscreteQuantile.of(0.95, column).as("high_" + column),
        coalesce(max(column), lit(0)).cast("long").as("most_" + column));
  }

  private static PartTexts part(TextFeature text, int i, Row characters, Row tokens) {
    return new PartTexts(
        characters.getAs(PART),
        characters.<Long>getAs("rows"),
        characters.<Long>getAs("empty" + i),
        lengths(characters, "c" + i),
        lengths(tokens, "t" + i),
        tokens.<Long>getAs("all" + i),
        text.hasUnknown() ? tokens.<Long>getAs("unknown" + i) : null,
        tokens.<Long>getAs("cut" + i));
  }

  private static Lengths lengths(Row row, String column) {
    return new Lengths(
        row.<Long>getAs("median_" + column),
        row.<Long>getAs("high_" + column),
        row.<Long>getAs("most_" + column));
  }
}
