/**
 * Losses that Deeplearning4j lacks, in its terms: its files name them by their classes, and they
 * compute on any backend of ND4J. With this package on the class path any program of Deeplearning4j
 * loads a network that has them. Each has a kernel in {@code sluice.network.compiled}.
 */
@NullMarked
package sluice.network.losses;

import org.jspecify.annotations.NullMarked;
