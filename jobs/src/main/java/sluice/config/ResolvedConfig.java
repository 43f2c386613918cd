package sluice.config;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A configuration that has been read, with every default filled in.
 *
 * @param <T> the record of the whole configuration
 */
public final class ResolvedConfig<T> {
  private final T value;
  private final TypeRegistry families;
  private final SortedSet<String> secretPaths;
  private final Redaction redaction;
  private final String said;

  /**
   * @param secretPaths of values that came from the environment
   * @param secretTexts the secrets among the values of free-form objects
   * @param said the file with its includes and overrides in HOCON, substitutions as they are
   */
  ResolvedConfig(
      T value,
      TypeRegistry families,
      SortedSet<String> secretPaths,
      Set<String> secretTexts,
      String said) {
    this(value, families, secretPaths, new Redaction(secretTexts), said);
  }

  private ResolvedConfig(
      T value,
      TypeRegistry families,
      SortedSet<String> secretPaths,
      Redaction redaction,
      String said) {
    this.value = value;
    this.families = families;
    this.secretPaths = new TreeSet<>(secretPaths);
    this.redaction = redaction;
    this.said = said;
  }

  /** Whether the value of a key in a free-form section is a secret. */
  public boolean isSecret(String section, String key) {
    return isSecret(Names.path(section, key));
  }

  /** Takes the secrets of this configuration out of any text. */
  public Redaction redaction() {
    return redaction;
  }

  /** The same configuration with another value, for what a file that it names was read into. */
  public ResolvedConfig<T> with(T other) {
    return new ResolvedConfig<>(other, families, secretPaths, redaction, said);
  }

  /** The record of the whole configuration. */
  public T value() {
    return value;
  }

  /**
   * The configuration as HOCON that gives the same again: what the file, its includes and overrides
   * say, in one. What the environment gives is asked of it again; a secret that stands there is not
   * shown, and the text then gives another configuration.
   */
  public String source() {
    String text = said.lines().map(Secrets::shown).collect(Collectors.joining("\n", "", "\n"));
    for (Map.Entry<String, String> entry : Rendering.of(value, families, key -> true).entrySet()) {
      String shown = entry.getValue();
      // What came from the environment is a substitution there; its text may be anybody's word.
      if (Secrets.named(entry.getKey()) && shown.startsWith("\"") && shown.length() > 2) {
        text = text.replace(shown, ConfigUtil.quoteString(Secrets.REDACTED));
      }
    }
    return text;
  }

  /** Whether a text of {@link #source} lacks a secret. */
  public static boolean isRedacted(String source) {
    return source.contains(Secrets.REDACTED);
  }

  /**
   * The configuration for people to read, one {@code path = value} a line, in the order of the
   * reference. Not shown are values of keys that name a secret ({@code password}, {@code
   * fs.s3a.secret.key}), values that came from the environment, the user in a URL and parameters of
   * a URL that name a secret.
   */
  public List<String> redacted() {
    return redacted(section -> true);
  }

  /** Likewise, of the sections of these names. */
  public List<String> redacted(Predicate<String> sections) {
    List<String> lines = new ArrayList<>();
    Rendering.of(value, families, key -> true)
        .forEach(
            (path, text) -> {
              if (sections.test(path.replaceFirst("[.\\[].*", ""))) {
                String shown = redaction.of(Secrets.shown(text));
                lines.add(path + " = " + (isSecret(path) ? Secrets.REDACTED : shown));
              }
            });
    return lines;
  }

  /** A list is shown as one value, so that it is secret if one of its elements is. */
  private boolean isSecret(String path) {
    return Secrets.named(path)
        || secretPaths.contains(path)
        || secretPaths.stream().anyMatch(secret -> secret.startsWith(path + "["));
  }
}
