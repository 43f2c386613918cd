package sluice.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.RowKey;
import sluice.normalise.FeatureColumns;
import sluice.normalise.TextFeature;
import sluice.normalise.WeightedColumns;
import sluice.quality.TextProfile.Lengths;
import sluice.quality.TextProfile.PartTexts;
import sluice.split.Part;
import sluice.split.Split;
import sluice.statistics.DiscreteQuantile;

/**
 * Profiles of the texts among the features, independent of the order of rows: all texts in one scan
 * of the rows and one of the features. They are exact, but for the languages and the quality, which
 * are those of {@link #MOST_JUDGED} texts a part. An executor holds how often each length occurs.
 */
public final class TextProfiles {
  private static final String PART = "_part";
  private static final String STAGE = "text-profiles";

  /**
   * About so many texts of a part, chosen by their keys, are looked at for their language and
   * quality: half of a share's 95 % interval is 1.4 % at most.
   */
  public static final int MOST_JUDGED = 5_000;

  private TextProfiles() {}

  /**
   * The profile of each text.
   *
   * @param rows a split: the raw columns with their key and part
   * @param features the feature table that was made of it
   * @param mostSteps by feature group how many tokens the network reads at most, if it reads not
   *     all
   * @param rowsOfParts how many rows each part has
   */
  public static List<TextProfile> of(
      Dataset<Row> rows,
      Dataset<Row> features,
      List<TextFeature> texts,
      Map<String, Integer> mostSteps,
      Map<String, Long> rowsOfParts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<String> columns = texts.stream().map(TextFeature::column).distinct().toList();
    Map<String, List<TextTally>> tallies = tallies(rows, columns, rowsOfParts);
    Map<String, Row> tokens = tokens(features, texts, mostSteps);
    List<TextProfile> profiles = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      TextFeature text = texts.get(i);
      List<PartTexts> parts = new ArrayList<>();
      for (Part part : Part.values()) {
        List<TextTally> ofPart = tallies.get(part.text());
        if (ofPart != null) {
          TextTally counted = ofPart.get(columns.indexOf(text.column()));
          Row counts = Objects.requireNonNull(tokens.get(part.text()));
          parts.add(part(text, i, part.text(), counted, counts));
        }
      }
      int cardinality = text.tensor().cardinalities().get(0);
      profiles.add(
          new TextProfile(
              text.column(),
              text.tensor().name(),
              text.unknown() == null ? cardinality : cardinality - 1,
              mostSteps.get(text.tensor().name()),
              parts));
    }
    return profiles;
  }

  /** By part, what is counted of each column, in one scan. */
  private static Map<String, List<TextTally>> tallies(
      Dataset<Row> rows, List<String> columns, Map<String, Long> rowsOfParts) {
    List<Column> selected = new ArrayList<>(List.of(col(Split.PART), col(DatasetContract.KEY)));
    columns.forEach(column -> selected.add(Columns.named(column)));
    Map<String, Double> shares = new HashMap<>();
    rowsOfParts.forEach((part, count) -> shares.put(part, (double) MOST_JUDGED / count));
    return rows.select(selected.toArray(Column[]::new))
        .javaRDD()
        .treeAggregate(
            new HashMap<String, List<TextTally>>(),
            (tallies, row) -> {
              List<TextTally> ofPart = ofPart(tallies, row.getString(0), columns.size());
              boolean isJudged = isJudged(row.getAs(1), shares.getOrDefault(row.getString(0), 1.0));
              for (int i = 0; i < columns.size(); i++) {
                String text = row.isNullAt(2 + i) ? null : row.getString(2 + i);
                ofPart.get(i).add(text);
                if (isJudged) {
                  ofPart.get(i).judge(text);
                }
              }
              return tallies;
            },
            (tallies, more) -> {
              more.forEach(
                  (part, other) -> {
                    List<TextTally> ofPart = ofPart(tallies, part, columns.size());
                    for (int i = 0; i < columns.size(); i++) {
                      ofPart.get(i).merge(other.get(i));
                    }
                  });
              return tallies;
            });
  }

  private static List<TextTally> ofPart(
      Map<String, List<TextTally>> tallies, String part, int columns) {
    return tallies.computeIfAbsent(
        part, any -> new ArrayList<>(Stream.generate(TextTally::new).limit(columns).toList()));
  }

  /** Whether a row is of a share of them, the same rows each time. */
  private static boolean isJudged(byte[] key, double share) {
    return share >= 1 || (RowKey.seededHash(0, STAGE, key) >>> 11) * 0x1p-53 < share;
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
      // Without such an index none is equal to it.
      lengths.add(
          expr("size(filter(s%s, index -> index = %s))".formatted(i, texts.get(i).unknown()))
              .as("u" + i));
      aggregates.addAll(lengths("t" + i));
      aggregates.add(coalesce(sum("t" + i), lit(0L)).as("all" + i));
      aggregates.add(coalesce(sum("u" + i), lit(0L)).as("unknown" + i));
      @Nullable Integer most = mostSteps.get(texts.get(i).tensor().name());
      @Nullable Integer kept = texts.get(i).most();
      List<String> cut = new ArrayList<>();
      if (most != null) {
        cut.add("t%s > %s".formatted(i, most));
      }
      if (kept != null) {
        cut.add("t%s >= %s".formatted(i, kept));
      }
      aggregates.add((cut.isEmpty() ? lit(0L) : counted(String.join(" or ", cut))).as("cut" + i));
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

  private static PartTexts part(
      TextFeature text, int i, String part, TextTally characters, Row tokens) {
    return new PartTexts(
        part,
        characters.rows(),
        characters.empty(),
        characters.lengths(),
        lengths(tokens, "t" + i),
        tokens.<Long>getAs("all" + i),
        text.unknown() == null ? null : tokens.<Long>getAs("unknown" + i),
        tokens.<Long>getAs("cut" + i),
        characters.judged());
  }

  private static Lengths lengths(Row row, String column) {
    return new Lengths(
        row.<Long>getAs("median_" + column),
        row.<Long>getAs("high_" + column),
        row.<Long>getAs("most_" + column));
  }
}
