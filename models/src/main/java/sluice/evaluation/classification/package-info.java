/** Predicted classes: how they are counted, and their metrics. */
@NullMarked
package sluice.evaluation.classification;

import org.jspecify.annotations.NullMarked;
