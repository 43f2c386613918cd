package sluice.normalise;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.SplitMix64;
import sluice.features.Element;

/**
 * A category as one of a fixed number of buckets (the hashing trick, K. Weinberger et al., 2009):
 * unseen categories need no rule, and different ones may share a bucket. It learns nothing.
 *
 * <p>The bucket is the unsigned remainder by {@code buckets} of a 64-bit hash: FNV-1a over the
 * UTF-8 bytes, then the finaliser of SplitMix64, which spreads what short texts leave crowded. It
 * is the same on every machine and in every version.
 *
 * @param buckets how many, at least 2
 */
public record Hashing(int buckets) implements TextStep, Categorical {
  private static final long serialVersionUID = 1L;

  public Hashing {
    if (buckets < 2) {
      throw InvalidInput.configuration("hashing: buckets must be at least 2, got " + buckets);
    }
  }

  @Override
  public Fit fit(Kind input) {
    return new NoFit(this);
  }

  @Override
  public Element encoding() {
    return Element.ONE_HOT;
  }

  @Override
  public int cardinality() {
    return buckets;
  }

  @Override
  public List<String> categories() {
    return List.of();
  }

  @Override
  public @Nullable Integer value(@Nullable Object input) {
    return input == null ? null : bucket((String) input, buckets);
  }

  /** The bucket of a text, of so many. */
  static int bucket(String text, int buckets) {
    return (int) Long.remainderUnsigned(hash(text), buckets);
  }

  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return SplitMix64.mixed(hash);
  }
}
