package sluice.training.examples;

import java.io.Serializable;
import java.util.Iterator;

/**
 * How the examples that a logical worker holds become minibatches. What it makes must depend on its
 * arguments only, not on where or when.
 *
 * @param <T> what the examples are kept as
 */
public interface ExampleReader<T> extends Serializable {

  /**
   * The minibatches of a range.
   *
   * @param worker whose examples they are
   * @param shard what the worker's {@link Shards} give it for the range, in their order
   */
  Minibatches read(int worker, Iterator<T> shard, MinibatchRange range);
}
