package sluice.report;

import java.util.List;

/**
 * Counts between edges.
 *
 * @param edges rising; one more than counts
 * @param counts the rows from one edge to the next
 */
public record Bins(List<Double> edges, List<Long> counts) {
  public Bins {
    edges = List.copyOf(edges);
    counts = List.copyOf(counts);
    requireEdges(edges, counts.size());
  }

  static void requireEdges(List<Double> edges, int bins) {
    if (edges.size() != bins + 1) {
      throw new IllegalArgumentException(
          "%d bins must have %d edges, got %d".formatted(bins, bins + 1, edges.size()));
    }
    for (int i = 1; i < edges.size(); i++) {
      if (!(edges.get(i - 1) < edges.get(i))) {
        throw new IllegalArgumentException("edges must rise, got " + edges);
      }
    }
  }

  long rows() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
