package sluice.normalise;

/** What becomes of one record. */
public sealed interface Normalised permits Features, Rejected {}
