package sluice.network.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a tree of JSON must be before Deeplearning4j makes objects of it. Whichever form names a
 * class there, nothing in the tree can name one that is not of {@link ConfigurationClasses}: the
 * properties that Deeplearning4j reads classes from hold names of the list only, and no other text
 * and no name of a property looks like the name of a class in a package. Numbers are finite and so
 * small that no product of a layer's sizes exceeds 64 bits.
 */
final class ConfigurationCheck {
  /** The most of any whole number: the product of three is below 2^63. */
  static final long MOST = 1 << 20;

  /** The most of a window's height or width, by which those products are multiplied. */
  static final long MOST_WINDOW = 1 << 10;

  /** The most of one of up to four lengths of an array of parameters. */
  static final long MOST_LENGTH = 1 << 15;

  /** How many lengths such an array, or a window, may have. */
  private static final int MOST_LENGTHS = 4;

  /** The most characters of a text or a name. */
  static final int MOST_CHARACTERS = 1_000;

  private static final String CLASS = "@class";
  private static final String LAYER = "layer";

  /** How many problems are told. */
  private static final int TOLD = 20;

  private static final int SHOWN_CHARACTERS = 120;

  /**
   * From where Deeplearning4j's mapper takes the name of a class; distributions have the second.
   */
  private static final Set<String> CLASS_NAMES = Set.of(CLASS, "type");

  private static final Set<String> WINDOWS =
      Set.of("kernelSize", "stride", "dilation", "size", "blocks", "blockSize");
  private static final Set<String> RETAINED = Set.of("p", "weightRetainProb");
  private static final Set<String> NOT_A_NUMBER =
      Set.of("NaN", "Infinity", "-Infinity", "+Infinity", "INF", "-INF", "+INF");
  private static final Set<String> CHANNELS_LAST = Set.of("NHWC", "NWC", "NDHWC");

  /** What must be so wherever it stands: other values mean a training that is not Sluice's. */
  private static final Map<String, String> FIXED =
      Map.of(
          "dataType", "FLOAT",
          "backpropType", "Standard",
          "optimizationAlgo", "STOCHASTIC_GRADIENT_DESCENT",
          "miniBatch", "true",
          "minimize", "true");

  private final List<String> problems = new ArrayList<>();
  private int more;

  private ConfigurationCheck() {}

  /** Why a tree is no configuration that may be read: nothing if it may. */
  static List<String> problems(JsonNode tree) {
    ConfigurationCheck check = new ConfigurationCheck();
    check.shape(tree);
    check.value("$", "", tree, false);
    if (check.more > 0) {
      check.problems.add("and %d problems more".formatted(check.more));
    }
    return List.copyOf(check.problems);
  }

  /** Whether it is a graph; otherwise it is a list of layers. */
  static boolean isGraph(JsonNode tree) {
    return tree.has("vertices");
  }

  private void must(String path, String rule, String got) {
    if (problems.size() < TOLD) {
      problems.add("%s must %s, got %s".formatted(shown(path), rule, shown(got)));
    } else {
      more++;
    }
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    return plain.length() <= SHOWN_CHARACTERS
        ? plain
        : plain.substring(0, SHOWN_CHARACTERS) + "...";
  }

  /** The two roots that Deeplearning4j writes, and where they have layers. */
  private void shape(JsonNode tree) {
    JsonNode layers = tree.path("confs");
    JsonNode vertices = tree.path("vertices");
    if (layers.isArray() == vertices.isObject() || layers.size() + vertices.size() == 0) {
      must(
          "$",
          "have the layers confs of a MultiLayerConfiguration or the vertices of a"
              + " ComputationGraphConfiguration, as toJson() writes them",
          tree.isObject() ? "neither or both" : tree.getNodeType().toString());
      return;
    }
    for (int i = 0; i < layers.size(); i++) {
      classed("$.confs[%d].%s".formatted(i, LAYER), layers.get(i).path(LAYER));
    }
    vertices
        .fields()
        .forEachRemaining(
            vertex -> {
              String path = "$.vertices." + vertex.getKey();
              classed(path, vertex.getValue());
              if (vertex.getValue().has("layerConf")) {
                classed(
                    path + ".layerConf." + LAYER, vertex.getValue().path("layerConf").path(LAYER));
              }
            });
  }

  private void classed(String path, JsonNode node) {
    if (!node.path(CLASS).isTextual()) {
      must(
          path,
          "have a property @class: older forms than that of Deeplearning4j 1.0 are not read",
          node.isObject() ? "none" : node.getNodeType().toString());
    }
  }

  /**
   * @param key the name of the property that the value, or the list around it, belongs to
   * @param penalty whether it belongs to a penalty on the weights
   */
  private void value(String path, String key, JsonNode value, boolean penalty) {
    if (value.isObject()) {
      object(path, value, penalty);
    } else if (value.isArray()) {
      if ((WINDOWS.contains(key) || key.equals("inputShape")) && value.size() > MOST_LENGTHS) {
        must(
            path,
            "have at most %d lengths".formatted(MOST_LENGTHS),
            Integer.toString(value.size()));
        return;
      }
      for (int i = 0; i < value.size(); i++) {
        value("%s[%d]".formatted(path, i), key, value.get(i), penalty);
      }
    } else if (value.isNumber()) {
      number(path, key, value, penalty);
    }
    if (CLASS_NAMES.contains(key)) {
      if (!value.isTextual() || !ConfigurationClasses.NAMES.contains(value.textValue())) {
        must(
            path,
            "be one of the classes that models/README.md lists; "
                + ConfigurationClasses.refusal(value.asText()),
            value.asText());
      }
    } else if (value.isTextual()) {
      text(path, value.textValue());
    }
    String fixed = FIXED.get(key);
    if (fixed != null && !value.asText().equals(fixed)) {
      must(path, "be " + fixed, value.asText());
    }
  }

  private void object(String path, JsonNode object, boolean penalty) {
    boolean scheduled = ConfigurationClasses.isLearning(object.path(CLASS).asText());
    for (var each : object.properties()) {
      scheduled |=
          each.getValue().isObject() && each.getKey().toLowerCase(Locale.ROOT).endsWith("schedule");
    }
    for (var each : object.properties()) {
      String key = each.getKey();
      String below = path + "." + key;
      if (key.length() > MOST_CHARACTERS) {
        must(path, "have names of at most %,d characters".formatted(MOST_CHARACTERS), key);
      }
      if (looksLikeAClass(key)) {
        must(below, "have no point between the letters of its name", key);
      }
      if (each.getValue().isTextual() && NOT_A_NUMBER.contains(each.getValue().textValue())) {
        // Deeplearning4j writes NaN for a number that a schedule gives.
        if (!scheduled || !each.getValue().textValue().equals("NaN")) {
          must(below, "be a finite number", each.getValue().textValue());
        }
        continue;
      }
      value(below, key, each.getValue(), penalty || key.startsWith("regularization"));
    }
  }

  private void text(String path, String text) {
    if (looksLikeAClass(text)) {
      must(path, "have no point between letters: only @class names classes", text);
    } else if (NOT_A_NUMBER.contains(text)) {
      must(path, "be a finite number", text);
    } else if (CHANNELS_LAST.contains(text)) {
      must(path, "be channels first (NCHW, NCW), as pictures are here", text);
    }
  }

  /** Whether there is a point that a name in a package could have. */
  private static boolean looksLikeAClass(String text) {
    for (int i = text.indexOf('.'); i >= 0; i = text.indexOf('.', i + 1)) {
      if (i > 0
          && i + 1 < text.length()
          && Character.isJavaIdentifierPart(text.codePointBefore(i))
          && Character.isJavaIdentifierStart(text.codePointAt(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private void number(String path, String key, JsonNode value, boolean penalty) {
    double number = value.doubleValue();
    if (!Double.isFinite(number)) {
      must(path, "be a finite number", value.asText());
    } else if (key.equals("seed")) {
      whole(path, value, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (key.equals("nin") || key.equals("nout")) {
      whole(path, value, 0, MOST);
    } else if (key.equals("inputShape")) {
      whole(path, value, 0, MOST_LENGTH);
    } else if (WINDOWS.contains(key)) {
      whole(path, value, 1, MOST_WINDOW);
    } else if (key.equals("padding")) {
      whole(path, value, 0, MOST_WINDOW);
    } else if (RETAINED.contains(key) && !(number > 0 && number <= 1)) {
      must(path, "be above 0 and at most 1", value.asText());
    } else if (penalty && key.equals("value") && number < 0) {
      must(path, "be at least 0", value.asText());
    } else if (value.isIntegralNumber()) {
      whole(path, value, -MOST, MOST);
    }
  }

  private void whole(String path, JsonNode value, long least, long most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      must(path, "be a whole number from %,d to %,d".formatted(least, most), value.asText());
    }
  }
}
