package sluice.config;

import com.typesafe.config.ConfigOrigin;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must not be shown: values of keys that name a secret ({@code password}, {@code
 * fs.s3a.secret.key}, {@code apiKey}), values that came from the environment, and the secret parts
 * of a URL.
 */
final class Secrets {
  /** What stands for a secret. */
  static final String REDACTED = "<redacted>";

  /** How the origin of a value begins that came from the environment. */
  static final String ENVIRONMENT = "environment variable ";

  private static final Set<String> WORDS =
      Set.of(
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "secret",
          "token",
          "credential",
          "credentials",
          "apikey",
          "accesskey",
          "privatekey",
          "secretkey",
          "accountkey");
  private static final Set<String> KINDS_OF_KEY =
      Set.of("api", "access", "private", "secret", "account", "shared", "encryption", "sas");
  private static final Pattern BETWEEN_WORDS =
      Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s\"]*@");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)((?:password|passwd|pwd|passphrase|secret|token|credentials?|[a-z]*key|sig(?:nature)?)=)[^&;\"\\s]*");

  private Secrets() {}

  /** Whether a key names a secret, by the words it is made of. */
  static boolean named(String key) {
    List<String> words =
        Arrays.stream(BETWEEN_WORDS.split(key, -1))
            .map(word -> word.toLowerCase(java.util.Locale.ROOT))
            .toList();
    for (int i = 0; i < words.size(); i++) {
      if (WORDS.contains(words.get(i))) {
        return true;
      }
      if (i > 0 && words.get(i).equals("key") && KINDS_OF_KEY.contains(words.get(i - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a value, or a part of it, came from the environment. */
  static boolean fromEnvironment(ConfigOrigin origin) {
    return origin.description().contains(ENVIRONMENT);
  }

  /** A text without the user of a URL and without parameters that name a secret. */
  static String shown(String text) {
    return PARAMETER.matcher(withoutUsers(text)).replaceAll("$1" + REDACTED);
  }

  /** A text without the users of the URLs in it. */
  static String withoutUsers(String text) {
    return USER_INFO.matcher(text).replaceAll(REDACTED + "@");
  }
}
