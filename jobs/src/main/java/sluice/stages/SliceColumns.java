package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.clean.text.TextLanguage;
import sluice.data.Columns;
import sluice.evaluation.SliceSettings;
import sluice.jobs.JobContext;
import sluice.report.Numbers;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.split.Split;
import sluice.statistics.DiscreteQuantile;

/**
 * What rows are told apart by.
 *
 * @param columns of the cleaned rows, by the names of the slices
 */
record SliceColumns(Map<String, Column> columns) {
  /** Rows are not told apart. */
  static final SliceColumns NONE = new SliceColumns(Map.of());

  private static final List<Double> QUARTILES = List.of(0.25, 0.5, 0.75);

  /** The slices that the configuration asks for; of lengths the train rows are looked at. */
  static SliceColumns of(JobContext context) {
    List<SliceSettings> slices = context.config().evaluate().slices();
    List<String> texts =
        slices.stream()
            .filter(slice -> slice.by() == SliceSettings.By.LENGTH)
            .map(SliceSettings::column)
            .toList();
    Map<String, List<Long>> quartiles =
        quartiles(
            Split.rows(context.read(Stage.SPLIT), context.config().split(), Part.TRAIN), texts);
    Map<String, Column> columns = new LinkedHashMap<>();
    for (SliceSettings slice : slices) {
      Column column = Columns.named(slice.column());
      columns.put(
          slice.name(),
          switch (slice.by()) {
            case VALUE -> column;
            case LENGTH -> quarter(column, quartiles.getOrDefault(slice.column(), List.of()));
            case LANGUAGE -> language(column);
          });
    }
    return new SliceColumns(columns);
  }

  List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /** The quartiles of the lengths of texts, exact, the lower of two neighbours. */
  static Map<String, List<Long>> quartiles(Dataset<Row> train, List<String> texts) {
    if (texts.isEmpty()) {
      return Map.of();
    }
    List<Column> lengths = new ArrayList<>();
    List<Column> quartiles = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      lengths.add(length(Columns.named(texts.get(i))).as("n" + i));
      for (double share : QUARTILES) {
        quartiles.add(DiscreteQuantile.of(share, "n" + i));
      }
    }
    Row found =
        train
            .select(lengths.toArray(Column[]::new))
            .groupBy()
            .agg(quartiles.get(0), quartiles.stream().skip(1).toArray(Column[]::new))
            .first();
    Map<String, List<Long>> byText = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      int first = i * QUARTILES.size();
      byText.put(
          texts.get(i),
          List.of(found.getLong(first), found.getLong(first + 1), found.getLong(first + 2)));
    }
    return byText;
  }

  /** The language of a text; null where there is none. */
  static Column language(Column text) {
    UDF1<@Nullable String, @Nullable String> language = TextLanguage::of;
    return udf(language, DataTypes.StringType).apply(text);
  }

  /** The quarter that the length of a text lies in; null where there is none. */
  static Column quarter(Column text, List<Long> quartiles) {
    Column size = length(text);
    return when(text.isNull(), lit(null).cast("string"))
        .when(size.leq(quartiles.get(0)), quarter(1, "up to", quartiles.get(0)))
        .when(size.leq(quartiles.get(1)), quarter(2, "up to", quartiles.get(1)))
        .when(size.leq(quartiles.get(2)), quarter(3, "up to", quartiles.get(2)))
        .otherwise(quarter(4, "more than", quartiles.get(2)));
  }

  /** Its text sorts as its number does. */
  private static String quarter(int number, String bound, long characters) {
    return "quarter %s: %s %s characters".formatted(number, bound, Numbers.count(characters));
  }

  /** Scored rows with the columns of the slices under their names. */
  Dataset<Row> joined(Dataset<Row> scored, Dataset<Row> cleaned, String key) {
    if (columns.isEmpty()) {
      return scored;
    }
    // A raw column's name never begins with an underscore: slices keep theirs beside ours.
    List<Column> selected = new ArrayList<>();
    selected.add(col(key));
    columns.forEach((name, column) -> selected.add(column.as(name)));
    return scored.join(cleaned.select(selected.toArray(Column[]::new)), key);
  }
}
