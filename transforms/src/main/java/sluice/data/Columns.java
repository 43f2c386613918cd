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

  /** The columns of these names, in order. */
  public static Column[] named(Collection<String> names) {
    return names.stream().map(Columns::named).toArray(Column[]::new);
  }
}
