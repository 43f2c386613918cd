package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;
import sluice.data.Json;

class PiecewiseLinearTest {
  private static FittedStep fitted(@Nullable Integer bins, Double... values) {
    return Fits.of(new PiecewiseLinear(bins), Kind.NUMBER, List.of(values));
  }

  private static double[] value(FittedStep step, double number) {
    return (double[]) Objects.requireNonNull(step.value(number));
  }

  /** Edges 0, 4, 8, 12, 16. */
  @Test
  void numbersFillTheBinsBelowThem() {
    FittedStep step = fitted(4, 16.0, 0.0, 8.0, 12.0, 4.0);
    assertThat(step).isEqualTo(new Bins(List.of(0.0, 4.0, 8.0, 12.0, 16.0)));
    assertThat(step.shape(List.of(1))).containsExactly(4);
    assertThat(step.names(List.of("age")))
        .containsExactly("age<=4.0", "age<=8.0", "age<=12.0", "age>12.0");
    assertThat(value(step, 0)).containsExactly(0, 0, 0, 0);
    assertThat(value(step, 1)).containsExactly(0.25, 0, 0, 0);
    assertThat(value(step, 8)).containsExactly(1, 1, 0, 0);
    assertThat(value(step, 10)).containsExactly(1, 1, 0.5, 0);
    assertThat(value(step, 16)).containsExactly(1, 1, 1, 1);
    assertThat(step.value(null)).isNull();
  }

  @Test
  void theOuterBinsGoOnAsLines() {
    FittedStep step = fitted(4, 16.0, 0.0, 8.0, 12.0, 4.0);
    assertThat(value(step, -6)).containsExactly(-1.5, 0, 0, 0);
    assertThat(value(step, 24)).containsExactly(1, 1, 1, 3);
    FittedStep one = fitted(1, 2.0, 4.0);
    assertThat(one.names(List.of("age"))).containsExactly("age");
    assertThat(value(one, 1)).containsExactly(-0.5);
    assertThat(value(one, 5)).containsExactly(1.5);
  }

  /** Quartiles 0, 1, 1, 1, 5. */
  @Test
  void equalQuantilesAreOneEdge() {
    FittedStep step = fitted(4, 0.0, 1.0, 1.0, 1.0, 5.0);
    assertThat(step).isEqualTo(new Bins(List.of(0.0, 1.0, 5.0)));
    assertThat(step.names(List.of("x"))).containsExactly("x<=1.0", "x>1.0");
    assertThat(value(step, 1)).containsExactly(1, 0);
    assertThat(value(step, 3)).containsExactly(1, 0.5);
  }

  @Test
  void aConstantColumnHasOneBinOfZero() {
    FittedStep step = fitted(8, 7.0, 7.0, 7.0);
    assertThat(step).isEqualTo(new Bins(List.of(7.0)));
    assertThat(step.shape(List.of(1))).containsExactly(1);
    assertThat(step.names(List.of("x"))).containsExactly("x");
    assertThat(value(step, 7)).containsExactly(0);
    assertThat(value(step, -1e300)).containsExactly(0);
  }

  @Test
  void autoGoesByTheRows() {
    for (int[] rowsAndBins : new int[][] {{5, 1}, {100, 5}, {959, 47}, {960, 48}, {4_000, 48}}) {
      Double[] rising =
          IntStream.range(0, rowsAndBins[0]).mapToObj(i -> (double) i).toArray(Double[]::new);
      assertThat(fitted(null, rising).shape(List.of(1))).containsExactly(rowsAndBins[1]);
    }
  }

  @Test
  void agreesWithNumpyInAnyOrder() throws IOException {
    JsonNode reference = reference();
    Random random = new Random(3);
    for (JsonNode each : reference.path("cases")) {
      List<Double> train = numbers(reference.path("samples").path(each.path("sample").asText()));
      Step step = new PiecewiseLinear(each.path("bins").asInt());
      FittedStep fitted = Fits.of(step, Kind.NUMBER, train, 1, random);
      for (int parts : new int[] {2, 7}) {
        Collections.shuffle(train, random);
        assertThat(Fits.of(step, Kind.NUMBER, train, parts, random)).isEqualTo(fitted);
      }
      List<Double> given = numbers(each.path("numbers"));
      for (int i = 0; i < given.size(); i++) {
        assertThat(value(fitted, given.get(i)))
            .as("%s in %s", given.get(i), fitted)
            .containsExactly(
                numbers(each.path("values").path(i)).stream().mapToDouble(x -> x).toArray(),
                within(1e-9));
      }
    }
  }

  private static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PiecewiseLinearTest.class.getResourceAsStream("bins.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "bins.json");
    }
  }

  @Test
  void whatCannotBeSaysSo() {
    assertThatThrownBy(() -> new PiecewiseLinear(0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("piecewise-linear: bins must be auto or from 1 to 1024, got 0");
    assertThatThrownBy(() -> fitted(1, -1.7e308, 1.7e308))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "column x: a bin runs from -1.7E308 to 1.7E308, further than a double holds; clip them first");
    FittedStep narrow = fitted(1, 0.0, 1e-300);
    assertThat(narrow.value(1e300)).isNull();
    assertThat(narrow.refusal(1e300)).isEqualTo("too far beyond the bins from 0.0 to 1.0E-300");
    assertThatThrownBy(() -> new Bins(List.of(1.0, 1.0)))
        .hasMessage("bins: edges must be finite and rise, got [1.0, 1.0]");
    assertThatThrownBy(() -> new Bins(List.of())).hasMessageContaining("at least one");
    assertThat(new PiecewiseLinear(3).accepts()).containsExactly(Kind.NUMBER);
  }

  @Test
  void isSavedAndReadAgain() {
    FittedStep step = new Bins(List.of(-1.5, 0.1, 2.0));
    String json = Json.write(step);
    assertThat(json).contains("\"type\" : \"bins\"");
    assertThat(Json.read(json, FittedStep.class, "x")).isEqualTo(step);
  }
}
