package sluice.normalise;

import sluice.features.TensorSpec;

/**
 * A text that becomes a series of the indices of its tokens.
 *
 * @param column the raw column
 * @param tensor the series
 * @param hasUnknown whether index 0 stands for every token that is not known
 */
public record TextFeature(String column, TensorSpec tensor, boolean hasUnknown) {}
