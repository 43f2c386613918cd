package sluice.evaluation;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One figure: a line in {@link Metrics}.
 *
 * @param name in metrics.json
 * @param better which direction is an improvement
 * @param value the figure of what was counted; NaN if it is undefined
 * @param note what a reader must know of the figure: always there when it is undefined
 */
record Metric<T>(
    String name, Direction better, ToDoubleFunction<T> value, Function<T, Optional<String>> note) {

  /** A metric that every set of rows defines. */
  Metric(String name, Direction better, ToDoubleFunction<T> value) {
    this(name, better, value, counted -> Optional.empty());
  }
}
