package sluice.split;

import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.udf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Randomness that belongs to a row: a 64-bit hash of (seed, stage, text), the same wherever and
 * whenever the row is looked at.
 */
public final class RowKey {
  private static final Pattern CONTENT_KEY = Pattern.compile("([0-9a-f]{32})#[0-9]+");

  private RowKey() {}

  /** The part of a key that equal rows share: what stands before the number, or the whole key. */
  public static String content(String key) {
    Matcher matcher = CONTENT_KEY.matcher(key);
    return matcher.matches() ? matcher.group(1) : key;
  }

  /** {@link #content(String)} for Spark. */
  public static Column content(Column key) {
    return regexp_replace(key, "^" + CONTENT_KEY.pattern() + "\\z", "$1");
  }

  /**
   * The first 64 bits of the SHA-256 of the seed (8 bytes, big-endian), the stage's length (4
   * bytes), the stage and the text, in UTF-8: uniform over all longs.
   *
   * @param stage what the randomness is for, as in {@code split}
   */
  public static long seededHash(long seed, String stage, String text) {
    byte[] use = stage.getBytes(StandardCharsets.UTF_8);
    MessageDigest digest = sha256();
    digest.update(
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + use.length)
            .putLong(seed)
            .putInt(use.length)
            .put(use)
            .flip());
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  /** {@link #seededHash(long, String, String)} for Spark, of a text that is never null. */
  public static Column seededHash(long seed, String stage, Column text) {
    return udf(new SeededHash(seed, stage), DataTypes.LongType).apply(text);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static final class SeededHash implements UDF1<String, Long> {
    private static final long serialVersionUID = 1L;

    private final long seed;
    private final String stage;

    SeededHash(long seed, String stage) {
      this.seed = seed;
      this.stage = stage;
    }

    @Override
    public Long call(String text) {
      return seededHash(seed, stage, text);
    }
  }
}
