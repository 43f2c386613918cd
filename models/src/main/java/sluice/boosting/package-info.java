/** Gradient-boosted trees on histograms, in plain Java on one machine. */
@NullMarked
package sluice.boosting;

import org.jspecify.annotations.NullMarked;
