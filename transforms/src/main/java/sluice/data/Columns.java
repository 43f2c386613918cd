package sluice.data;

import java.util.Collection;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns by their exact names: a dot or a backtick in a name is part of the name. */
public final class Columns {
  private Columns() {}

  /** The column of this name. */
  public static Column named(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /**
   * Several columns as one value, for a function of a row that takes them by their places. Their
   * names are left out of it: Spark writes the names in a function's input, as they are, into the
   * Java program that it compiles, where a name could end the text that it stands in and go on as a
   * program.
   */
  public static Column row(Column... columns) {
    Column[] placed = new Column[columns.length];
    for (int i = 0; i < columns.length; i++) {
      placed[i] = columns[i].as("_" + i);
    }
    return functions.struct(placed);
  }

  /** The columns of these names, in order. */
  public static Column[] named(Collection<String> names) {
    return names.stream().map(Columns::named).toArray(Column[]::new);
  }
}
