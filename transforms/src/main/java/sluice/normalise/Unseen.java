package sluice.normalise;

/** What becomes of a category that no train row had. */
public enum Unseen {
  /** It takes index 0, which is kept for it. */
  OTHER,
  /** The row is refused. */
  ERROR
}
