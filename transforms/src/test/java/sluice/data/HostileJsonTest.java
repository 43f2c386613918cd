package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.testing.Gadget;

/** JSON that anybody may have written. */
class HostileJsonTest {

  /** A record with a part of every kind that our files hold. */
  record Sample(String name, int count, List<String> parts, Map<String, Long> rows) {}

  static Stream<Arguments> texts() {
    String class1 = "\"@class\": \"sluice.testing.Gadget\"";
    return Stream.of(
        Arguments.of(
            "a serialised object",
            new String(Gadget.serialised(), StandardCharsets.UTF_8),
            "Unexpected character ('\uFFFD' (code 65533 / 0xfffd)): expected a valid value (JSON"
                + " String, Number, Array, Object or token 'null', 'true' or 'false')"),
        Arguments.of(
            "a class that is named by the text",
            "{%s, \"name\": \"x\"}".formatted(class1),
            "@class is none of [name, count, parts, rows] of Sample"),
        Arguments.of(
            "a class named in a list",
            "{\"name\": \"x\", \"count\": 1, \"parts\": [{%s}], \"rows\": {}}".formatted(class1),
            "Cannot deserialize value of type `java.util.ArrayList<java.lang.Object>` from Object"
                + " value (token `JsonToken.START_OBJECT`)"),
        Arguments.of(
            "a class and its properties as an array",
            "[\"sluice.testing.Gadget\", {}]",
            "Cannot deserialize value of type `sluice.data.HostileJsonTest$Sample` from Array value"
                + " (token `JsonToken.START_ARRAY`)"),
        Arguments.of(
            "arrays in arrays",
            "{\"parts\": " + "[".repeat(100_000),
            "Cannot deserialize value of type `java.util.ArrayList<java.lang.String>` from Array"
                + " value (token `JsonToken.START_ARRAY`)"),
        Arguments.of(
            "objects in objects",
            "{\"rows\":".repeat(100_000),
            "Cannot deserialize value of type `java.lang.Long` from Object value (token"
                + " `JsonToken.START_OBJECT`)"),
        Arguments.of(
            "a number of many digits",
            "{\"count\": " + "9".repeat(100_000) + "}",
            "Number length (100000) exceeds the maximum length (1000)"),
        Arguments.of(
            "null where something must be",
            "{\"name\": null, \"count\": 1, \"parts\": [], \"rows\": {}}",
            "name must not be null in Sample"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void isRefusedAndRunsNothing(String what, String text, String reason) {
    assertThatThrownBy(() -> Json.read(text, Sample.class, "x.json"))
        .as(what)
        .isInstanceOf(InvalidInput.class)
        .hasMessage("x.json: not readable: " + reason);
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void aTreeIsNoDeeperThanItMayBe() {
    assertThatThrownBy(() -> Json.tree("[".repeat(100_000), "x.json"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "x.json: not readable: Depth (201) exceeds the maximum allowed nesting depth (200)");
  }

  @Test
  void theTrapOfTheseTestsIsSet() throws Exception {
    assertThat(Gadget.deserialised(Gadget.serialised())).isInstanceOf(Gadget.class);
    assertThat(Gadget.runs()).isEqualTo(1);
  }
}
