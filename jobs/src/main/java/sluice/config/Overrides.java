package sluice.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --set key=value} says. The value is a text as it stands, {@code null}, or, if it
 * begins with a bracket, a brace or a quote, a value in HOCON; so a path or a URL needs no quotes.
 */
final class Overrides {
  static final String OPTION = "--set ";

  private Overrides() {}

  /** The overrides as one configuration, in which a later one wins. */
  static Config parse(List<String> overrides, Problems problems) {
    Config all = ConfigFactory.empty();
    for (String override : overrides) {
      ConfigObject one = parse(override, problems);
      if (one != null) {
        all = one.toConfig().withFallback(all);
      }
    }
    return all;
  }

  /** Whether an override gave this value. */
  static boolean made(ConfigValue value) {
    return value.origin().description().startsWith(OPTION);
  }

  private static @Nullable ConfigObject parse(String override, Problems problems) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      problems.add(OPTION + override, "must be key=value");
      return null;
    }
    String key = override.substring(0, equals).strip();
    String text = override.substring(equals + 1).strip();
    String shown = Secrets.named(key) ? Secrets.REDACTED : Secrets.shown(text);
    String place = OPTION + key + "=" + shown;
    try {
      List<String> path = ConfigUtil.splitPath(key);
      ConfigValue value = value(text, place);
      for (int i = path.size() - 1; i >= 0; i--) {
        value = ConfigValueFactory.fromMap(Map.of(path.get(i), value), place);
      }
      return (ConfigObject) value;
    } catch (ConfigException e) {
      problems.add(
          place, "must be key=value with a value that can be read; " + ConfigFile.firstLine(e));
      return null;
    }
  }

  private static ConfigValue value(String text, String place) {
    if (text.startsWith("[") || text.startsWith("{") || text.startsWith("\"")) {
      ConfigObject parsed =
          ConfigFactory.parseString(
                  "value = " + text, ConfigParseOptions.defaults().setOriginDescription(place))
              .root();
      if (parsed.size() != 1) {
        throw new ConfigException.Generic("got more than one value");
      }
      return parsed.values().iterator().next();
    }
    return ConfigValueFactory.fromAnyRef(text.equals("null") ? null : text, place);
  }
}
