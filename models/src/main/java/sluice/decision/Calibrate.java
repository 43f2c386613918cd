package sluice.decision;

import java.util.Locale;

/** How probabilities are calibrated. */
public enum Calibrate {
  /** They stay as the network says them. */
  NONE,
  /** {@link Calibration.Temperature}, of any number of classes. */
  TEMPERATURE,
  /** {@link Calibration.Isotonic}, of two classes. */
  ISOTONIC;

  /** The name in a configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
