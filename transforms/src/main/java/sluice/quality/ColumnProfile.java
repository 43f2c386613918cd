package sluice.quality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one column looks like.
 *
 * @param name the column
 * @param type its type in DDL
 * @param rows how many rows there are
 * @param missing how many have no value
 * @param notFinite how many are NaN or infinite; they are in no other figure
 * @param distinct how many different values there are, or null if more than {@value
 *     Profile#MOST_DISTINCT}, or if they are bytes, of which only the number is looked at
 * @param numbers for a column of numbers with a value, else null
 * @param top the most frequent values, of bytes the most frequent lengths, at most {@value
 *     Profile#TOP}, ties by text; empty if there are too many different ones
 */
public record ColumnProfile(
    String name,
    String type,
    long rows,
    long missing,
    long notFinite,
    @Nullable Long distinct,
    @Nullable Numbers numbers,
    List<Count> top) {

  /** A value and how many rows have it. */
  public record Count(String value, long rows) {}

  /**
   * Order statistics are exact; q is the lower one of two neighbours.
   *
   * @param histogram counts in bins of equal width from the 1st to the 99th percentile; what lies
   *     outside is counted in the first and the last bin
   * @param histogramLow where the first bin begins
   * @param histogramHigh where the last bin ends
   */
  public record Numbers(
      double min,
      double q1,
      double median,
      double q3,
      double max,
      double mean,
      List<Long> histogram,
      double histogramLow,
      double histogramHigh) {}
}
