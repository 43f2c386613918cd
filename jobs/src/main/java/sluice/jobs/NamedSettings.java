package sluice.jobs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of a configuration by their paths, with each feature group under its name, or under
 * its columns if it has none, instead of its place in the list: a group that was put before others
 * has not changed them.
 */
public final class NamedSettings {
  private static final Pattern GROUP = Pattern.compile("normalise\\.features\\[(\\d+)]\\.(.+)");
  private static final String BETWEEN = " = ";

  private NamedSettings() {}

  /**
   * The settings by path, in their order.
   *
   * @param configuration one {@code path = value} a line
   */
  public static Map<String, String> of(String configuration) {
    Map<String, String> settings = new LinkedHashMap<>();
    configuration
        .lines()
        .filter(line -> line.contains(BETWEEN))
        .forEach(
            line -> {
              int at = line.indexOf(BETWEEN);
              settings.put(line.substring(0, at), line.substring(at + BETWEEN.length()));
            });
    Map<String, String> names = names(settings);
    Map<String, String> named = new LinkedHashMap<>();
    settings.forEach(
        (path, value) -> {
          Matcher group = GROUP.matcher(path);
          named.put(
              group.matches()
                  ? "normalise.features[%s].%s".formatted(names.get(group.group(1)), group.group(2))
                  : path,
              value);
        });
    return named;
  }

  /** The name of each group by its place. */
  private static Map<String, String> names(Map<String, String> settings) {
    Map<String, String> names = new TreeMap<>();
    Stream.of("columns", "name")
        .forEach(
            key ->
                settings.forEach(
                    (path, value) -> {
                      Matcher group = GROUP.matcher(path);
                      if (group.matches() && group.group(2).equals(key) && !value.equals("null")) {
                        names.put(group.group(1), value.replaceAll("^[\\[\"]|[]\"]$", ""));
                      }
                    }));
    Map<String, Integer> seen = new HashMap<>();
    names.replaceAll(
        (place, name) -> {
          int times = seen.merge(name, 1, Integer::sum);
          return times == 1 ? name : name + " #" + times;
        });
    return names;
  }
}
