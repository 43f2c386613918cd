package sluice.network.compiled;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one output of a network should have given.
 *
 * @param array the labels, examples first
 * @param mask a weight for each example, or for each number of the labels; null for ones
 */
record Labels(INDArray array, @Nullable INDArray mask) {}
