package sluice.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * How Sluice writes and reads JSON: records in the order of their components, maps by key, two
 * spaces, a line feed at the end; unknown properties and missing ones are errors. A record is its
 * components and its canonical constructor, nothing else; null is for those that are {@code
 * Nullable}, which may be missing too: an older version did not know them. Types are named by
 * explicit registries only ({@link NamedTypes}), never by class, so that what is read cannot choose
 * what runs.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addModule(JsonRecords.module())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(200)
                .maxStringLength(16_000_000)
                .build());
  }

  private Json() {}

  /** The text of a value, with a line feed at its end. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /**
   * The value of a text.
   *
   * @param where the file that the text came from, for messages
   * @throws InvalidInput (data) if the text is not such a value
   */
  public static <T> T read(String text, Class<T> type, String where) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw InvalidInput.data("%s: not readable: %s".formatted(where, firstLine(e)));
    } catch (InvalidInput e) {
      // Of a record that is converted to another, Jackson hands on what its constructor throws.
      throw InvalidInput.data(
          "%s: not readable: %s".formatted(where, String.join("; ", e.problems())));
    }
  }

  /**
   * The tree of a text, for readers that look at a part.
   *
   * @throws InvalidInput (data) if the text is not JSON
   */
  public static JsonNode tree(String text, String where) {
    return read(text, JsonNode.class, where);
  }

  private static String firstLine(JsonProcessingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInput invalid) {
        return String.join("; ", invalid.problems());
      }
    }
    String line = e.getOriginalMessage().lines().findFirst().orElse("");
    return e instanceof InvalidTypeIdException
        ? line + "; a type of another jar needs that jar on the class path"
        : line;
  }
}
