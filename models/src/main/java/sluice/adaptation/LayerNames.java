package sluice.adaptation;

import java.util.List;

/** Names of layers as settings have them. */
final class LayerNames {
  /** What the layers of encoders begin with. */
  static final String ENCODER = "encoder/";

  /** What the layers behind the encoders begin with. */
  static final String COMBINER = "combiner/";

  private LayerNames() {}

  /** Whether a name that was given means a layer. */
  static boolean means(String given, String layer) {
    return begins(given, layer) || begins(ENCODER + given, layer);
  }

  private static boolean begins(String given, String layer) {
    return layer.equals(given) || layer.startsWith(given + "/");
  }

  /** What is said of a name that means no layer. */
  static String none(String key, String given, List<String> layers) {
    return "%s must name a layer, or what names of layers begin with up to a slash, got %s; there are %s"
        .formatted(key, given, String.join(", ", layers));
  }
}
