package sluice.evaluation.metric;

/** What a metric is counted in. */
public enum Unit {
  /** A share, a probability or a coefficient: a plain number. */
  NONE,
  /** Nats, as logarithms to the base e are. */
  NATS,
  /** The units of the label. */
  LABEL
}
