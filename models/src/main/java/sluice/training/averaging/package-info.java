/**
 * Parameter averaging: rounds of minibatches by logical workers, and the average of what they come
 * to.
 */
@NullMarked
package sluice.training.averaging;

import org.jspecify.annotations.NullMarked;
