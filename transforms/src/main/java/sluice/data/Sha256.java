package sluice.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 (FIPS 180-4), as bytes or as 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private Sha256() {}

  /** A digest that has seen nothing yet. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digits of a digest that has seen everything; it begins anew. */
  public static String finish(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The 32 bytes of a content's digest. */
  public static byte[] of(byte[] content) {
    return start().digest(content);
  }

  /** The digits of a content's digest. */
  public static String hexOf(byte[] content) {
    return HexFormat.of().formatHex(of(content));
  }

  /** The digits of the digest of a text in UTF-8. */
  public static String hexOf(String text) {
    return hexOf(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a text has the form of the digits. */
  public static boolean isHex(String text) {
    return HEX.matcher(text).matches();
  }
}
