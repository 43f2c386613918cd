/** Predicted numbers: how they are counted, and their metrics. */
@NullMarked
package sluice.evaluation.regression;

import org.jspecify.annotations.NullMarked;
