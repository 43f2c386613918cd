/**
 * Examples of the train part: dealt to logical workers, and read in the order of their minibatches.
 */
@NullMarked
package sluice.training.examples;

import org.jspecify.annotations.NullMarked;
