package sluice.normalise;

/**
 * A record that gives no example.
 *
 * @param reason why, for every column that is to blame
 */
public record Rejected(String reason) implements Normalised {}
