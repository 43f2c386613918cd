package sluice.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exact order statistics of many longs in bounded memory and few scans: a radix selection. The
 * first scan keeps the values themselves while they are few, and else counts them by their top
 * bits; each further scan looks only into the buckets that hold a wanted rank, collecting a bucket
 * that has become small and counting by the next bits in one that has not. The result does not
 * depend on the order of adding and merging.
 *
 * <p>Use: {@link #add} every value, on any number of copies that are {@link #merge}d; {@link
 * #select} the ranks; while that or {@link #endScan} returns true, add every value again; then read
 * {@link #selected}. Not thread-safe.
 */
public final class OrderSelection implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int DIGIT = 12;
  private static final int COLLECT_LIMIT = 1 << 16;

  /** Values that share their top bits. */
  private static final class Bucket implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long prefix;
    private final int known;
    private final int limit;
    private boolean collecting = true;
    private long[] values = new long[16];
    private int size;
    private long[] histogram = new long[0];

    Bucket(long prefix, int known, int limit) {
      this.prefix = prefix;
      this.known = known;
      this.limit = limit;
    }

    boolean holds(long unsigned) {
      return known == 0 || (unsigned ^ prefix) >>> (Long.SIZE - known) == 0;
    }

    int digitBits() {
      return Math.min(DIGIT, Long.SIZE - known);
    }

    void add(long unsigned) {
      if (!collecting) {
        histogram[(int) ((unsigned << known) >>> (Long.SIZE - digitBits()))]++;
        return;
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = unsigned ^ Long.MIN_VALUE;
      if (size > limit) {
        count();
      }
    }

    void merge(Bucket other) {
      if (!other.collecting) {
        if (collecting) {
          count();
        }
        for (int i = 0; i < histogram.length; i++) {
          histogram[i] += other.histogram[i];
        }
      }
      for (int i = 0; i < other.size; i++) {
        add(other.values[i] ^ Long.MIN_VALUE);
      }
    }

    /** Ends the collecting: what was collected is counted, and so is all that comes. */
    void count() {
      long[] collected = Arrays.copyOf(values, size);
      collecting = false;
      values = new long[0];
      size = 0;
      histogram = new long[1 << digitBits()];
      for (long value : collected) {
        add(value ^ Long.MIN_VALUE);
      }
    }
  }

  /** A wanted rank on its way down. */
  private static final class Target implements Serializable {
    private static final long serialVersionUID = 1L;

    private @Nullable Bucket bucket;
    private long rank;
    private long found;

    Target(Bucket bucket, long rank) {
      this.bucket = bucket;
      this.rank = rank;
    }
  }

  private final int limit;
  private List<Bucket> buckets = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private boolean first = true;
  private long count;

  public OrderSelection() {
    this(COLLECT_LIMIT);
  }

  /**
   * A selection that keeps less, for where there are many of them.
   *
   * @param limit how many values are kept before they are counted instead; fewer than about 4,096
   *     save no memory
   */
  public OrderSelection(int limit) {
    this.limit = limit;
    buckets.add(new Bucket(0, 0, limit));
  }

  /** A long that sorts as the double does; zero has one sign and NaN sorts last. */
  public static long ordered(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** The double of which {@link #ordered} made this long. */
  public static double unordered(long ordered) {
    return Double.longBitsToDouble(ordered ^ ((ordered >> 63) & Long.MAX_VALUE));
  }

  /** Adds one value of the present scan. */
  public void add(long value) {
    long unsigned = value ^ Long.MIN_VALUE;
    if (first) {
      count++;
    }
    for (Bucket bucket : buckets) {
      if (bucket.holds(unsigned)) {
        bucket.add(unsigned);
        return;
      }
    }
  }

  /** Adds what another copy saw in the same scan. */
  public void merge(OrderSelection other) {
    count += first ? other.count : 0;
    for (int i = 0; i < buckets.size(); i++) {
      buckets.get(i).merge(other.buckets.get(i));
    }
  }

  /** How many values the first scan saw. */
  public long count() {
    return count;
  }

  /**
   * Ends the first scan by asking for the values at these zero-based ranks of the sorted values.
   *
   * @return whether every value must be added once more
   * @throws IllegalArgumentException if a rank lies outside the count
   */
  public boolean select(long... ranks) {
    for (long rank : ranks) {
      if (rank < 0 || rank >= count) {
        throw new IllegalArgumentException("rank " + rank + " of " + count + " values");
      }
      targets.add(new Target(buckets.get(0), rank));
    }
    first = false;
    return endScan();
  }

  /**
   * Ends a scan.
   *
   * @return whether every value must be added once more
   */
  public boolean endScan() {
    List<Bucket> next = new ArrayList<>();
    for (Bucket bucket : buckets) {
      if (bucket.collecting) {
        Arrays.parallelSort(bucket.values, 0, bucket.size);
      }
    }
    for (Target target : targets) {
      Bucket bucket = target.bucket;
      if (bucket == null) {
        continue;
      }
      if (bucket.collecting) {
        target.found = bucket.values[(int) target.rank];
        target.bucket = null;
        continue;
      }
      int digit = 0;
      while (target.rank >= bucket.histogram[digit]) {
        target.rank -= bucket.histogram[digit++];
      }
      int known = bucket.known + bucket.digitBits();
      long prefix = bucket.prefix | ((long) digit << (Long.SIZE - known));
      if (known == Long.SIZE) {
        target.found = prefix ^ Long.MIN_VALUE;
        target.bucket = null;
        continue;
      }
      target.bucket = bucketOf(next, prefix, known, bucket.histogram[digit]);
    }
    buckets = next;
    return !buckets.isEmpty();
  }

  /** The value at the rank that stood at this place in {@link #select}. */
  public long selected(int index) {
    return targets.get(index).found;
  }

  private Bucket bucketOf(List<Bucket> next, long prefix, int known, long inside) {
    for (Bucket bucket : next) {
      if (bucket.prefix == prefix && bucket.known == known) {
        return bucket;
      }
    }
    Bucket bucket = new Bucket(prefix, known, limit);
    if (inside > limit) {
      bucket.count();
    }
    next.add(bucket);
    return bucket;
  }
}
