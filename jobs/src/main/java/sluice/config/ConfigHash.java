package sluice.config;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.Sha256;

/**
 * What says whether two configurations mean the same: SHA-256 over a rendering with sorted keys and
 * every default filled in. Order, layout and comments of the file do not count; neither do secrets
 * in free-form objects, which can be changed without changing what is read.
 */
public final class ConfigHash {
  private ConfigHash() {}

  /**
   * The hash of sections of a configuration.
   *
   * @param sections records of settings, or lists and maps of them; their order counts
   * @return 64 hexadecimal digits
   */
  public static String of(TypeRegistry families, @Nullable Object... sections) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(Rendering.of(Arrays.asList(sections), families, key -> !Secrets.named(key)))
        .forEach((path, value) -> text.append(path).append('=').append(value).append('\n'));
    return Sha256.hexOf(text.toString());
  }
}
