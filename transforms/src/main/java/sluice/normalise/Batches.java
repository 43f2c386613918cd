package sluice.normalise;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Rows, so many at a time; fewer at the end. */
final class Batches implements Iterator<List<Row>> {
  private final Iterator<Row> rows;
  private final int most;

  Batches(Iterator<Row> rows, int most) {
    this.rows = rows;
    this.most = most;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public List<Row> next() {
    if (!rows.hasNext()) {
      throw new NoSuchElementException();
    }
    List<Row> batch = new ArrayList<>();
    while (batch.size() < most && rows.hasNext()) {
      batch.add(rows.next());
    }
    return batch;
  }
}
