package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.features.TensorSpec;

/**
 * A text that becomes a series of the indices of its tokens.
 *
 * @param column the raw column
 * @param tensor the series
 * @param unknown the index that stands for every token that is not known; null if there is none
 * @param most how many indices a text has at most, and the rest of it none; null if it has all
 */
public record TextFeature(
    String column, TensorSpec tensor, @Nullable Integer unknown, @Nullable Integer most) {}
