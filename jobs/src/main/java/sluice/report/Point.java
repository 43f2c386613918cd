package sluice.report;

/** A point of a curve. */
public record Point(double x, double y) {}
