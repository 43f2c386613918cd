package sluice.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What another jar on the class path adds to the types that a configuration may name, and to the
 * metrics. Open are the families of sources, rules, steps, fitted steps, augmenters, encoders and
 * combiners. The jar names its implementation, which has a public constructor without arguments, in
 * {@code META-INF/services/sluice.data.Extension}. No configuration and no bundle can name a class:
 * who puts a jar on the class path decides.
 *
 * <p>The keys of the types, with comments and defaults, stand in {@code reference.conf} beside the
 * class, as Sluice's own do, under {@code types} and {@code within}.
 *
 * <p>An extension that fails, or adds what cannot be added, is an error of the configuration, which
 * is told before one is read: see {@link Extensions}.
 */
public interface Extension {
  /** The types, of each family those that are added: records. */
  default List<NamedTypes<?>> types() {
    return List.of();
  }

  /** The metrics, each a {@code ClassMetric} or a {@code NumberMetric}. */
  default List<NamedMetric> metrics() {
    return List.of();
  }

  /** The keys of the types in HOCON; empty where there is no {@code reference.conf}. */
  default String reference() {
    try (InputStream in = getClass().getResourceAsStream("reference.conf")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
