package sluice.training.examples;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Minibatches that were cut beforehand, in an order that each epoch permutes anew, the same for all
 * workers: what they train side by side are neighbours in the data.
 */
public final class MinibatchReader implements ExampleReader<PortableMinibatch> {
  private static final long serialVersionUID = 1L;

  private final long seed;

  /**
   * @param seed of the epochs' orders
   */
  public MinibatchReader(long seed) {
    this.seed = seed;
  }

  /** Which of a worker's minibatches stands where in an epoch; a worker may lack the last. */
  public static int[] order(long seed, int epoch, int minibatchesEachEpoch) {
    return new EpochOrder(seed, 0, epoch, minibatchesEachEpoch).blocks();
  }

  @Override
  public Minibatches read(int worker, Iterator<PortableMinibatch> shard, MinibatchRange range) {
    return new Walk(shard, range);
  }

  private final class Walk implements Minibatches {
    private final MinibatchRange range;
    private final Map<Integer, PortableMinibatch> kept = new HashMap<>();
    private int epoch;
    private int index;
    private int[] order;
    private @Nullable PortableMinibatch now;
    private @Nullable MultiDataSet arrays;

    Walk(Iterator<PortableMinibatch> shard, MinibatchRange range) {
      this.range = range;
      this.epoch = range.firstEpoch();
      this.index = range.firstMinibatch() - 1;
      this.order = order(epoch);
      Set<Integer> needed = new HashSet<>();
      for (int e = range.firstEpoch(); e < range.endEpoch(); e++) {
        int[] places = order(e);
        for (int i = range.firstMinibatch(); i < range.endMinibatch(); i++) {
          needed.add(places[i]);
        }
      }
      for (int place = 0; shard.hasNext(); place++) {
        PortableMinibatch minibatch = shard.next();
        if (needed.contains(place)) {
          kept.put(place, minibatch);
        }
      }
    }

    private int[] order(int epoch) {
      return MinibatchReader.order(seed, epoch, range.minibatchesEachEpoch());
    }

    @Override
    public boolean advance() {
      while (epoch < range.endEpoch()) {
        while (++index < range.endMinibatch()) {
          now = kept.get(order[index]);
          if (now != null) {
            return true;
          }
        }
        if (++epoch < range.endEpoch()) {
          order = order(epoch);
          index = range.firstMinibatch() - 1;
        }
      }
      return false;
    }

    @Override
    public int epoch() {
      return epoch;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int examples() {
      return current().examples();
    }

    @Override
    public MultiDataSet arrays() {
      release();
      MultiDataSet made = current().arrays();
      arrays = made;
      return made;
    }

    private PortableMinibatch current() {
      if (now == null) {
        throw new IllegalStateException("no minibatch");
      }
      return now;
    }

    @Override
    public void close() {
      release();
    }

    /** Native memory that is given back at once does not wait for a garbage collection. */
    private void release() {
      if (arrays != null) {
        close(arrays.getFeatures());
        close(arrays.getLabels());
        close(arrays.getFeaturesMaskArrays());
        close(arrays.getLabelsMaskArrays());
        arrays = null;
      }
    }

    private static void close(org.nd4j.linalg.api.ndarray.@Nullable INDArray @Nullable [] arrays) {
      if (arrays != null) {
        for (org.nd4j.linalg.api.ndarray.INDArray array : arrays) {
          if (array != null && array.closeable()) {
            array.close();
          }
        }
      }
    }
  }
}
