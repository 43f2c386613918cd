package sluice.ingest;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The rows of things that are looked at one after the other, each of which gives one or none. */
abstract class FoundRows implements Iterator<Row> {
  private @Nullable Row next;
  private boolean ended;

  /** Whether there is more to look at. */
  abstract boolean hasMore();

  /** The row of what comes next; null if it gives none. Called while there is more. */
  abstract @Nullable Row look();

  /** Called once, when there is no more. */
  abstract void end();

  @Override
  public final boolean hasNext() {
    while (next == null && hasMore()) {
      next = look();
    }
    if (next == null && !ended) {
      ended = true;
      end();
    }
    return next != null;
  }

  @Override
  public final Row next() {
    Row row = hasNext() ? next : null;
    if (row == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return row;
  }
}
