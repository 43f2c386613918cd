package sluice.cli;

/** The least that a configuration must say besides the name of its pipeline. */
final class Sections {
  static final String REQUIRED =
      """

      ingest { format = csv, path = "x.csv", schema = "age INT, y STRING" }
      normalise { label.column = y, features = [{ columns = [age], steps = [standardise] }] }
      """;

  private Sections() {}
}
