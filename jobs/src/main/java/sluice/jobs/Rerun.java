package sluice.jobs;

/** What to do about a stage that has run before with the same inputs, settings and code. */
public enum Rerun {
  /** Keep its output and say so. */
  SKIP_UNCHANGED,
  /** Run it again. */
  ALWAYS
}
