/** Judges predictions: metrics, intervals, slices, curves, and the baselines to compare with. */
@NullMarked
package sluice.evaluation;

import org.jspecify.annotations.NullMarked;
