package sluice.clean;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;

/**
 * A rule that looks at one row at a time. It has one meaning and two faces, Spark columns for
 * tables of any size and plain Java for one record, which agree to the bit: the same values, the
 * same rejections with the same words.
 *
 * <p>A row is first judged, on the values it comes with, and changed only if it is kept. An
 * expression must bear any row, also one that an earlier rule rejected.
 */
public non-sealed interface RowRule extends Rule {

  /**
   * Why a row is rejected: a column of strings, null where the row is kept.
   *
   * @param input the columns that the rule sees
   */
  Column rejection(DatasetContract input);

  /**
   * The columns that the rule sets, by name, over the columns it sees. A column that {@link
   * #outputOf} leaves out is dropped; one that keeps its name and is not in the map stays as it is.
   */
  Map<String, Column> changes(DatasetContract input);

  /** Why a record is rejected, or null if it is kept. */
  @Nullable String rejection(RawRecord row);

  /** The record as the rule hands it on; its columns are those of {@link #outputOf}, in order. */
  RawRecord change(RawRecord row);
}
