package sluice.network.dl4j;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Sha256;

/**
 * A {@code MultiLayerConfiguration} or {@code ComputationGraphConfiguration} of Deeplearning4j, as
 * its {@code toJson()} writes it, that has been checked: of closed classes and bounded numbers, see
 * {@link ConfigurationCheck}. Anybody may have written it; there is none that is not checked.
 * Immutable.
 */
public final class Dl4jConfiguration {
  /** The most bytes of a file. */
  public static final int MOST_BYTES = 8 << 20;

  /** The most values, with names of properties, in a file. */
  static final int MOST_VALUES = 500_000;

  /** The most levels of objects and lists. */
  static final int MOST_LEVELS = 40;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(factory())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private final JsonNode tree;

  /**
   * The configuration that a tree is.
   *
   * @throws InvalidInput (data) with everything in it that may not be
   */
  @JsonCreator
  public Dl4jConfiguration(JsonNode tree) {
    List<String> problems = ConfigurationCheck.problems(tree);
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    this.tree = tree.deepCopy();
  }

  private static JsonFactory factory() {
    JsonFactory factory =
        new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    factory.setStreamReadConstraints(
        StreamReadConstraints.builder()
            .maxNestingDepth(MOST_LEVELS)
            .maxStringLength(ConfigurationCheck.MOST_CHARACTERS)
            .maxNumberLength(100)
            .build());
    return factory;
  }

  /**
   * The configuration that a file holds.
   *
   * @param content of the file
   * @param where the file, for messages
   * @throws InvalidInput (data) if it is too large or deep, has a name twice, is no JSON in UTF-8,
   *     or has what a configuration may not have
   */
  public static Dl4jConfiguration parse(byte[] content, String where) {
    JsonNode tree = boundedTree(content, where);
    try {
      return new Dl4jConfiguration(tree);
    } catch (InvalidInput invalid) {
      throw InvalidInput.data(
          invalid.problems().stream().map(problem -> where + ": " + problem).toList());
    }
  }

  /**
   * The tree of a file's JSON, of bounded size, depth and texts; not checked otherwise.
   *
   * @param where the file, for messages
   * @throws InvalidInput (data) if it is too large or deep, has a name twice, or is no JSON in
   *     UTF-8
   */
  public static JsonNode boundedTree(byte[] content, String where) {
    if (content.length > MOST_BYTES) {
      throw InvalidInput.data(
          "%s: must have at most %,d bytes, got %,d".formatted(where, MOST_BYTES, content.length));
    }
    try {
      // Bytes that begin otherwise would be taken for another encoding.
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      countValues(text, where);
      return MAPPER.readTree(text);
    } catch (CharacterCodingException e) {
      throw InvalidInput.data(where + ": must be text in UTF-8, got other bytes");
    } catch (JsonProcessingException e) {
      throw InvalidInput.data("%s: not readable: %s".formatted(where, firstLine(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Before there is a tree, which takes more memory than the text. */
  private static void countValues(String text, String where) throws IOException {
    int values = 0;
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      while (parser.nextToken() != null) {
        if (++values > MOST_VALUES) {
          throw InvalidInput.data(
              "%s: must have at most %,d values, got more".formatted(where, MOST_VALUES));
        }
      }
    }
  }

  private static String firstLine(JsonProcessingException e) {
    String message = e.getOriginalMessage().lines().findFirst().orElse("");
    return e.getLocation() == null
        ? message
        : "%s (line %d, column %d)"
            .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  /** What it holds, to be written into a bundle. */
  @JsonValue
  public JsonNode tree() {
    return tree.deepCopy();
  }

  /** The text that Deeplearning4j may read: of what was checked, not what was given. */
  public String text() {
    return tree.toString();
  }

  /** Whether it is a graph; otherwise layers one behind the other. */
  public boolean isGraph() {
    return ConfigurationCheck.isGraph(tree);
  }

  /** The names of a graph's inputs in their order; none of layers. */
  public List<String> inputs() {
    List<String> names = new ArrayList<>();
    tree.path("networkInputs").forEach(name -> names.add(name.asText()));
    return List.copyOf(names);
  }

  /** The names of a graph's output layers in their order; none of layers, which have one. */
  public List<String> outputs() {
    List<String> names = new ArrayList<>();
    tree.path("networkOutputs").forEach(name -> names.add(name.asText()));
    return List.copyOf(names);
  }

  /** Whether a layer has L1, L2 or weight decay of its weights, of any factor. */
  public boolean penalisesWeights() {
    return tree.findValues("regularization").stream().anyMatch(penalties -> !penalties.isEmpty());
  }

  /** SHA-256 of {@link #text}: the same for files that differ in white space only. */
  public String digest() {
    return Sha256.hexOf(text());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Dl4jConfiguration that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  /** As it stands where configurations are shown. */
  @Override
  public String toString() {
    return "sha256:" + digest();
  }
}
