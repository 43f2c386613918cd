package sluice.quality;

/**
 * What a check found.
 *
 * @param level how bad it is
 * @param text what, rule, actual value
 */
public record Finding(Level level, String text) {

  /** How bad a finding is. */
  public enum Level {
    /** The work goes on, and the report says it. */
    WARNING,
    /** The work stops. */
    FAILURE
  }
}
