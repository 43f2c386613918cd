package sluice.training.averaging;

import java.io.Serializable;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.network.TableRows;
import sluice.training.examples.FloatVector;

/**
 * What goes out to workers in a round, and comes back from each: a network, but of its large tables
 * only the rows that a round has changed.
 *
 * @param parameters outside of the tables
 * @param updaterState likewise; empty where it is not exchanged
 * @param rows of the tables, as {@link RowTables} counts them, ascending
 * @param values of the rows
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
record Exchange(FloatVector parameters, FloatVector updaterState, int[] rows, FloatVector values)
    implements Serializable {
  /** Nothing at all. */
  static final Exchange NONE = of(new Replica.Changes(new float[0], new float[0], TableRows.NONE));

  static Exchange of(Replica.Changes changes) {
    return new Exchange(
        new FloatVector(changes.parameters()),
        new FloatVector(changes.updaterState()),
        changes.rows().numbers(),
        new FloatVector(changes.rows().values()));
  }

  TableRows tableRows() {
    return new TableRows(rows, values.array());
  }
}
