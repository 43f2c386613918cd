package sluice.evaluation;

/** Which rows results were measured on. */
public enum MeasuredOn {
  /** Rows that the network was not trained on. */
  HELD_OUT_ROWS,
  /** The rows it was trained on, since nothing was split off. */
  TRAINING_ROWS;

  /** What every result says when it was measured on training rows. */
  public static final String TRAINING_ROWS_NOTE =
      "measured on the training rows (split.by = none): this shows what was learned by heart, not"
          + " how well new rows are predicted";
}
