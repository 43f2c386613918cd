package sluice.normalise;

import java.util.Map;

/**
 * One example, as the network takes it: the numbers of every group, by its name and in the order of
 * the groups. A group is in one of the maps.
 *
 * @param floats the groups of numbers
 * @param indices the groups of category indices
 */
public record Features(Map<String, float[]> floats, Map<String, int[]> indices)
    implements Normalised {}
