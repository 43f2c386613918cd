package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A configuration that has been read, with every default filled in.
 *
 * @param <T> the record of the whole configuration
 */
public final class ResolvedConfig<T> {
  private final T value;
  private final Families families;
  private final SortedSet<String> secretPaths;
  private final Redaction redaction;

  ResolvedConfig(
      T value, Families families, SortedSet<String> secretPaths, Set<String> secretTexts) {
    this.value = value;
    this.families = families;
    this.secretPaths = new TreeSet<>(secretPaths);
    this.redaction = new Redaction(secretTexts);
  }

  /** Whether the value of a key in a free-form section is a secret. */
  public boolean isSecret(String section, String key) {
    return isSecret(Names.path(section, key));
  }

  /** Takes the secrets of this configuration out of any text. */
  public Redaction redaction() {
    return redaction;
  }

  /** The record of the whole configuration. */
  public T value() {
    return value;
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
