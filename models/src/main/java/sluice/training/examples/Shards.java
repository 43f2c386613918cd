package sluice.training.examples;

import java.io.Serializable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.runtime.AbstractFunction1;

/**
 * The examples that logical workers hold.
 *
 * @param <T> what the examples are kept as
 */
public interface Shards<T> {

  /** Among how many workers they are dealt out. */
  int workers();

  /** What the workers need in a range; partition i belongs to worker i. */
  JavaRDD<T> of(MinibatchRange range);

  /** Shards of which every range needs all. */
  static <T> Shards<T> whole(JavaRDD<T> shards) {
    return new Shards<>() {
      @Override
      public int workers() {
        return shards.getNumPartitions();
      }

      @Override
      public JavaRDD<T> of(MinibatchRange range) {
        return shards;
      }
    };
  }

  /** Those of the first worker alone. */
  default Shards<T> first() {
    Shards<T> all = this;
    return new Shards<>() {
      @Override
      public int workers() {
        return 1;
      }

      @Override
      public JavaRDD<T> of(MinibatchRange range) {
        return PartitionPruningRDD.create(all.of(range).rdd(), new First()).toJavaRDD();
      }
    };
  }

  /** The first partition alone. */
  final class First extends AbstractFunction1<Object, Object> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object apply(Object partition) {
      return partition.equals(0);
    }
  }
}
