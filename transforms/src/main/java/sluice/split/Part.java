package sluice.split;

import java.util.Locale;

/** What a row is for. */
public enum Part {
  /** Fitted and trained on. */
  TRAIN,
  /** Chosen with: early stopping, thresholds. */
  VALIDATION,
  /** Judged on, and nothing else. */
  TEST;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The value of {@link Split#PART}. */
  public String text() {
    return text;
  }
}
