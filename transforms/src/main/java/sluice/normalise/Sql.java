package sluice.normalise;

/** Names and literals of Spark SQL. */
final class Sql {
  private Sql() {}

  /** A finite double, in the bits it has. */
  static String literal(double value) {
    return "(" + value + "D)";
  }

  /** A name, quoted. */
  static String name(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
