package sluice.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.Columns;
import sluice.data.Excerpt;
import sluice.quality.Finding.Level;
import sluice.split.Part;
import sluice.split.Split;

/**
 * Rows that are held out though a train row has the very same text, so that a network may know the
 * answer by heart. Texts are compared whole, by their SHA-256; blank ones do not count.
 *
 * @param column the column of texts
 * @param validation rows of the validation part whose text a train row has
 * @param test rows of the test part whose text a train row has
 * @param excerpts the beginnings of up to three such texts, those of the most rows first
 */
public record SharedTexts(String column, long validation, long test, List<String> excerpts) {
  private static final int SHOWN = 3;

  /** One more than an excerpt shows. */
  private static final int START = 101;

  private static final String DIGEST = "digest";

  public SharedTexts {
    excerpts = List.copyOf(excerpts);
  }

  /**
   * Counts the rows of a split.
   *
   * @param column of texts
   */
  public static SharedTexts of(Dataset<Row> split, String column) {
    Column text = Columns.named(column);
    Dataset<Row> shared =
        split
            .filter(coalesce(text.rlike("[^\\s\\p{Z}]"), lit(false)))
            .select(
                col(Split.PART).as("part"),
                sha2(text.cast("binary"), 256).as(DIGEST),
                substring(text, 1, START).as("start"))
            .groupBy(DIGEST)
            .agg(
                counted(Part.TRAIN),
                counted(Part.VALIDATION),
                counted(Part.TEST),
                min("start").as("start"))
            .filter(col(Part.TRAIN.text()).gt(0).and(heldOut().gt(0)));
    // Asked twice: how many rows, and of which texts.
    shared.persist();
    try {
      Row rows =
          shared
              .agg(
                  coalesce(sum(Part.VALIDATION.text()), lit(0L)),
                  coalesce(sum(Part.TEST.text()), lit(0L)))
              .first();
      List<String> excerpts =
          shared
              .orderBy(heldOut().desc(), col(DIGEST))
              .limit(SHOWN)
              .select("start")
              .collectAsList()
              .stream()
              .map(row -> Excerpt.of(row.getString(0)))
              .toList();
      return new SharedTexts(column, rows.getLong(0), rows.getLong(1), excerpts);
    } finally {
      shared.unpersist();
    }
  }

  private static Column counted(Part part) {
    return expr("count_if(part = '%s')".formatted(part.text())).as(part.text());
  }

  private static Column heldOut() {
    return col(Part.VALIDATION.text()).plus(col(Part.TEST.text()));
  }

  /** What is to be said of it; nothing if there are no such rows. */
  public Optional<Finding> finding() {
    List<String> held =
        Stream.of(rows(validation, Part.VALIDATION), rows(test, Part.TEST))
            .flatMap(Optional::stream)
            .toList();
    return held.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Level.WARNING,
                "held-out rows whose text in column %s a train row has too: %s, as %s"
                    .formatted(
                        column,
                        String.join(" and ", held),
                        String.join(
                            ", ", excerpts.stream().map(text -> '"' + text + '"').toList()))));
  }

  private static Optional<String> rows(long rows, Part part) {
    return rows == 0 ? Optional.empty() : Optional.of("%,d of %s".formatted(rows, part.text()));
  }
}
