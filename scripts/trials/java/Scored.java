import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Columns;
import sluice.data.Field;

/**
 * The two ends of a trial. {@code Scored rows RAW SPLIT ROWS} writes the test rows of a run, as they
 * were ingested, into one file. {@code Scored compare MODEL ROWS PREDICTIONS} scores these rows in
 * plain Java, each by itself and all together, and compares with what the predict job has published
 * of them: every prediction, decision, probability and reason, to the bit.
 */
public final class Scored {
  private static final int SHOWN = 5;

  private Scored() {}

  public static void main(String[] args) {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.sql.caseSensitive", true)
            .config("spark.sql.datetime.java8API.enabled", true)
            .config("spark.ui.enabled", false)
            .getOrCreate()) {
      if (args[0].equals("rows")) {
        write(spark.read().parquet(args[1]), spark.read().parquet(args[2]), args[3]);
      } else {
        compare(
            Scorer.load(Path.of(args[1])),
            spark.read().parquet(args[2]).collectAsList(),
            spark.read().parquet(args[3] + "/scored"),
            spark.read().parquet(args[3] + "/quarantined"));
      }
    }
  }

  private static void write(Dataset<Row> raw, Dataset<Row> split, String path) {
    Column[] own =
        Arrays.stream(raw.columns())
            .filter(name -> name.charAt(0) != '_')
            .map(Columns::named)
            .toArray(Column[]::new);
    raw.join(split.filter("_part = 'test'").select("_key"), "_key")
        .select(own)
        .coalesce(1)
        .write()
        .parquet(path);
  }

  private static void compare(
      Scorer scorer, List<Row> rows, Dataset<Row> scored, Dataset<Row> quarantined) {
    Map<Long, Row> published = new HashMap<>();
    scored.collectAsList().forEach(row -> published.put(row.getAs("position"), row));
    quarantined.collectAsList().forEach(row -> published.put(row.getAs("position"), row));
    List<Map<String, Object>> records = rows.stream().map(row -> record(row, scorer)).toList();
    List<Prediction> together = scorer.score(records);
    List<String> differences = new ArrayList<>();
    if (published.size() != rows.size()) {
      differences.add("%d rows, %d of them published".formatted(rows.size(), published.size()));
    }
    int unscored = 0;
    for (int i = 0; i < rows.size(); i++) {
      Prediction alone = scorer.score(records.get(i));
      unscored += alone instanceof Prediction.Unscored ? 1 : 0;
      Row row = published.get((long) (i + 1));
      Map<String, Object> expected = columns(alone, "");
      Map<String, Object> found = row == null ? Map.of() : values(row, expected);
      if (!together.get(i).equals(alone) || !found.equals(expected)) {
        differences.add(
            "row %d: %s by the job, %s alone, %s among all"
                .formatted(i + 1, found, alone, together.get(i)));
      }
    }
    if (!differences.isEmpty()) {
      differences.stream().limit(SHOWN).forEach(System.err::println);
      System.err.printf(Locale.ROOT, "%,d differences%n", differences.size());
      System.exit(1);
    }
    System.out.printf(
        Locale.ROOT,
        "%,d test rows, %,d of which have no prediction: the same bits%n",
        rows.size(),
        unscored);
  }

  private static Map<String, Object> record(Row row, Scorer scorer) {
    Map<String, Object> record = new LinkedHashMap<>();
    for (Field field : scorer.columns()) {
      record.put(field.name(), row.getAs(field.name()));
    }
    return record;
  }

  /** What a table of predictions has of one: the values by column. */
  private static Map<String, Object> columns(Prediction prediction, String label) {
    Map<String, Object> columns = new LinkedHashMap<>();
    if (prediction instanceof Prediction.OfClass one) {
      columns.put("prediction" + label, one.predicted());
      columns.put("decision" + label, one.decision());
      one.probabilities()
          .forEach((name, value) -> columns.put("probability" + label + "_" + name, value));
    } else if (prediction instanceof Prediction.OfNumber one) {
      columns.put("prediction" + label, one.value());
    } else if (prediction instanceof Prediction.OfTags one) {
      columns.put("prediction" + label, one.tags());
      columns.put("probability" + label, one.probabilities());
    } else if (prediction instanceof Prediction.OfSet one) {
      columns.put("prediction" + label, one.names());
      one.probabilities()
          .forEach((name, value) -> columns.put("probability" + label + "_" + name, value));
    } else if (prediction instanceof Prediction.OfSeveral several) {
      several.labels().forEach((name, one) -> columns.putAll(columns(one, "_" + name)));
    } else if (prediction instanceof Prediction.Unscored one) {
      columns.put("reason", one.reason());
    } else {
      throw new IllegalStateException("cannot compare " + prediction);
    }
    return columns;
  }

  /** The values of a row in these columns, as far as it has them. */
  private static Map<String, Object> values(Row row, Map<String, Object> columns) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : columns.keySet()) {
      if (Arrays.asList(row.schema().fieldNames()).contains(name)) {
        Object value = row.getAs(name);
        values.put(name, value instanceof Seq<?> many ? JavaConverters.seqAsJavaList(many) : value);
      }
    }
    return values;
  }
}
