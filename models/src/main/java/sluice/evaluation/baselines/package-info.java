/** Simple models to compare a network with. */
@NullMarked
package sluice.evaluation.baselines;

import org.jspecify.annotations.NullMarked;
