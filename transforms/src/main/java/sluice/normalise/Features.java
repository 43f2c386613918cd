package sluice.normalise;

import java.util.Map;

/**
 * One example, as the network takes it: the numbers of every group, by its name and in the order of
 * the groups. A group is in one of the maps, one of weighted indices in two.
 *
 * @param floats the groups of numbers, and the weights of indices
 * @param bytes the groups of bytes, which the minibatch makes numbers of
 * @param indices the groups of category indices, of a series as many as it has steps
 */
public record Features(
    Map<String, float[]> floats, Map<String, byte[]> bytes, Map<String, int[]> indices)
    implements Normalised {}
