/**
 * Layers that Deeplearning4j lacks. A layer is a configuration, which Deeplearning4j's JSON names
 * by its class, and what computes it, slowly and on any backend of ND4J. With this package on the
 * class path any program of Deeplearning4j loads a network that has them.
 */
@NullMarked
package sluice.network.layers;

import org.jspecify.annotations.NullMarked;
