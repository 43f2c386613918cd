package sluice.config;

import com.typesafe.config.ConfigUtil;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import sluice.data.Nearest;

/** The names of keys: how Java's names read in a configuration, and which one was meant. */
final class Names {
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

  private Names() {}

  /** {@code batchSize} as {@code batch-size}. */
  static String kebab(String camel) {
    return HUMP.matcher(camel).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
  }

  /** {@code INVERSE_FREQUENCY} as {@code inverse-frequency}. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A path and a key below it, quoted if it would not be read as one key otherwise. */
  static String path(String parent, String key) {
    String plain = PLAIN.matcher(key).matches() ? key : ConfigUtil.quoteString(key);
    return parent.isEmpty() ? plain : parent + "." + plain;
  }

  /** The name that is nearest to what was typed, if any is near enough to be meant. */
  static Optional<String> nearest(String typed, Collection<String> names) {
    return Nearest.to(kebab(typed).replace('_', '-'), names);
  }
}
