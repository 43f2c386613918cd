package sluice.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.clean.text.Shingles;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Decimal;

/**
 * Rows whose texts are nearly those of other rows, by bands of their MinHash signatures (locality
 * sensitive hashing): texts that share a band are compared, by all their shingles. A text is
 * compared with the {@value #MOST_COMPARED} least that share a band with it, so that a million
 * letters of one form do not become a million times a million comparisons. The result depends on
 * the rows alone.
 */
final class NearDuplicates {
  private static final int MOST_COMPARED = 100;

  private static final String ROW = "_row";
  private static final String SHINGLES = "_shingles";
  private static final String OTHERS = "_others";
  private static final String FIRST = "_first";
  private static final String BAND = "_band";
  private static final String BUCKET = "_bucket";
  private static final String RANK = "_rank";
  private static final String LESS = "_less";
  private static final String OTHER = "_other";
  private static final String LIKE = "_like";

  private NearDuplicates() {}

  /**
   * The rows that have a near duplicate before them: their keys, and a reason that names it.
   *
   * @param rows have {@link DatasetContract#KEY} and the rule's column
   * @param row what rows are ordered by, their key under its name, and what is shown of it under
   *     the name {@code shown}; a struct, in the order in which they count
   * @param shown the name in the struct of what a reason shows
   * @param reason what the reason's column is called
   */
  static Dataset<Row> of(
      Dataset<Row> rows, DropNearDuplicates rule, Column row, String shown, String reason) {
    double similarity = rule.similarity();
    UDF1<@Nullable String, long[]> shingles =
        text -> text == null ? new long[0] : Shingles.of(text);
    UDF1<Seq<Long>, long[]> bands = set -> Shingles.bands(longs(set), similarity);
    UDF2<Seq<Long>, Seq<Long>, Double> like =
        (one, other) -> Shingles.similarity(longs(one), longs(other));
    Dataset<Row> texts =
        rows.select(
                row.as(ROW),
                udf(shingles, DataTypes.createArrayType(DataTypes.LongType, false))
                    .apply(Columns.named(rule.column()))
                    .as(SHINGLES))
            .filter(size(col(SHINGLES)).gt(0))
            // Equal sets of shingles would fill their bands: the least stands for all of them.
            .withColumn(FIRST, min(col(ROW)).over(Window.partitionBy(col(SHINGLES))));
    Dataset<Row> different =
        texts.filter(key(FIRST).equalTo(key(ROW))).select(col(ROW), col(SHINGLES));
    Dataset<Row> banded =
        different
            .select(
                col(ROW),
                posexplode(
                        udf(bands, DataTypes.createArrayType(DataTypes.LongType, false))
                            .apply(col(SHINGLES)))
                    .as(new String[] {BAND, BUCKET}))
            .withColumn(
                RANK,
                row_number().over(Window.partitionBy(col(BAND), col(BUCKET)).orderBy(col(ROW))));
    Dataset<Row> least =
        banded
            .filter(col(RANK).leq(MOST_COMPARED))
            .select(col(BAND), col(BUCKET), col(ROW).as(OTHER), col(RANK).as(LESS));
    Dataset<Row> pairs =
        banded
            .join(least, new String[] {BAND, BUCKET}, "inner")
            .filter(col(LESS).lt(col(RANK)))
            .select(ROW, OTHER)
            .distinct();
    Dataset<Row> near =
        pairs
            .join(different, ROW)
            .join(different.select(col(ROW).as(OTHER), col(SHINGLES).as(OTHERS)), OTHER)
            .withColumn(LIKE, udf(like, DataTypes.DoubleType).apply(col(SHINGLES), col(OTHERS)))
            .filter(col(LIKE).geq(similarity))
            .groupBy(col(ROW).as(FIRST))
            .agg(min(col(OTHER)).as(OTHER), min_by(col(LIKE), col(OTHER)).as(LIKE));
    String column = rule.column();
    UDF2<String, Double, String> words =
        (other, share) ->
            "%s: near duplicate of %s, similarity %s"
                .formatted(column, other, Decimal.rounded(share));
    // What the least of equal sets is nearly equal to comes before it, and else it comes itself.
    Column isFirst = key(FIRST).equalTo(key(ROW));
    return texts
        .join(near, new String[] {FIRST}, "left")
        .filter(col(OTHER).isNotNull().or(not(isFirst)))
        .select(
            key(ROW).as(DatasetContract.KEY),
            udf(words, DataTypes.StringType)
                .apply(
                    coalesce(col(OTHER), col(FIRST)).getField(shown), coalesce(col(LIKE), lit(1.0)))
                .as(reason));
  }

  private static Column key(String row) {
    return col(row).getField(DatasetContract.KEY);
  }

  private static long[] longs(Seq<Long> values) {
    List<Long> list = JavaConverters.seqAsJavaList(values);
    return list.stream().mapToLong(Long::longValue).toArray();
  }
}
