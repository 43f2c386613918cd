/** From probabilities to decisions: calibration, and the threshold of two classes. */
@NullMarked
package sluice.decision;

import org.jspecify.annotations.NullMarked;
