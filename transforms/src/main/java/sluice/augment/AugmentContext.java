package sluice.augment;

import java.io.Serializable;
import java.nio.ByteBuffer;
import sluice.data.RowKey;

/**
 * Where an augmenter stands, and hence its randomness and the names of what it adds.
 *
 * @param step its number among the steps, from 1
 * @param type its type
 * @param firstCopy the number of the first copy that it makes of a row; earlier steps made those
 *     below, so that (source key, copy) is unique
 * @param seed the pipeline's seed
 */
public record AugmentContext(int step, String type, int firstCopy, long seed)
    implements Serializable {

  /** The key of an added example: that of its source, and four bytes, big-endian, of the copy. */
  public static byte[] key(byte[] sourceKey, int copy) {
    return ByteBuffer.allocate(sourceKey.length + Integer.BYTES)
        .put(sourceKey)
        .putInt(copy)
        .array();
  }

  /** What the randomness of this step is for. */
  String stage() {
    return "augment." + step + "." + type;
  }

  /** The random numbers of one added example. */
  public SeededRandom random(byte[] sourceKey, int copy) {
    return new SeededRandom(RowKey.seededHash(seed, stage(), key(sourceKey, copy)));
  }

  /** A problem, with the step that it belongs to. */
  public String problem(String text) {
    return "augment.steps[%d]: %s %s".formatted(step - 1, type, text);
  }
}
