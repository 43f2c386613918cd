package sluice.evaluation.metric;

/** Which direction of a metric is an improvement. */
public enum Direction {
  HIGHER,
  LOWER
}
