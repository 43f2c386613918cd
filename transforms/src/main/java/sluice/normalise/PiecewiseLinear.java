package sluice.normalise;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;

/**
 * A number as a vector of bins, whose edges are quantiles of the train rows: 1 for each bin below
 * the number's own, 0 for each above, and in its own the share that it has passed (Gorishniy,
 * Rubachev and Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning",
 * section 3.2). Quantiles that are equal are one edge; see {@link Bins} and {@link QuantileFit}.
 *
 * @param bins how many, from 1 to {@value #MOST}; null for {@value #AUTO}, or one for every {@value
 *     #ROWS_OF_A_BIN} train rows if these are fewer
 */
public record PiecewiseLinear(@Auto @Nullable Integer bins) implements Step {
  private static final long serialVersionUID = 1L;

  private static final int MOST = 1_024;
  private static final int AUTO = 48;
  private static final int ROWS_OF_A_BIN = 20;

  public PiecewiseLinear {
    if (bins != null && (bins < 1 || bins > MOST)) {
      throw InvalidInput.configuration(
          "piecewise-linear: bins must be auto or from 1 to %s, got %s".formatted(MOST, bins));
    }
  }

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.NUMBER);
  }

  @Override
  public Kind gives(Kind input) {
    return Kind.VECTOR;
  }

  @Override
  public Fit fit(Kind input) {
    return new QuantileFit(PiecewiseLinear::between, this::edges);
  }

  /** Where the edges lie among so many rows. */
  private double[] edges(long rows) {
    int count = bins == null ? (int) Math.max(1, Math.min(AUTO, rows / ROWS_OF_A_BIN)) : bins;
    return IntStream.rangeClosed(0, count).mapToDouble(i -> (double) i / count).toArray();
  }

  private static FittedStep between(double[] quantiles, String where) {
    double[] edges = Arrays.stream(quantiles).distinct().toArray();
    for (int i = 1; i < edges.length; i++) {
      if (edges[i] - edges[i - 1] == Double.POSITIVE_INFINITY) {
        throw InvalidInput.data(
            "%s: a bin runs from %s to %s, further than a double holds; clip them first"
                .formatted(where, edges[i - 1], edges[i]));
      }
    }
    return new Bins(Arrays.stream(edges).boxed().toList());
  }
}
