package sluice.config;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Takes out of a text that is shown or kept, such as the message of a failure, what must not be in
 * it: the user of a URL, and the secrets of a configuration wherever they stand.
 */
public final class Redaction {
  /** What is known before a configuration was read. */
  public static final Redaction OF_URLS = new Redaction(Set.of());

  /** A shorter one is in too many words by chance. */
  private static final int SHORTEST = 4;

  private final List<String> secrets;

  /**
   * @param secrets texts; those of fewer than four characters are not looked for
   */
  Redaction(Set<String> secrets) {
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= SHORTEST)
            .filter(secret -> !secret.equals("true") && !secret.equals("false"))
            .sorted(Comparator.comparing(String::length).reversed())
            .toList();
  }

  /** The text without them. */
  public String of(String text) {
    String left = text;
    for (String secret : secrets) {
      left = left.replace(secret, Secrets.REDACTED);
    }
    return Secrets.withoutUsers(left);
  }
}
