package sluice.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.data.InvalidInput;
import sluice.data.Json;

class TensorSpecTest {
  private static TensorSpec of(Element element, Integer... shape) {
    return TensorSpec.of("t", element, List.of(shape), List.of(), List.of(), List.of());
  }

  private static TensorSpec read(String json) {
    return Json.read(json, TensorSpec.class, "x");
  }

  @Test
  void theAxesOfAShapeHaveNames() {
    assertThat(TensorSpec.numbers("t", List.of("a", "b")).axes())
        .containsExactly(new Axis("column", 2, List.of("a", "b")));
    assertThat(of(Element.FLOAT32, 3, 2, 5).axes())
        .containsExactly(
            new Axis("channel", 3, List.of()),
            new Axis("height", 2, List.of()),
            new Axis("width", 5, List.of()));
    assertThat(of(Element.INDEX, -1).axes()).containsExactly(new Axis("step", -1, List.of()));
    assertThat(
            TensorSpec.of(
                "t", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of()))
        .satisfies(
            series -> {
              assertThat(series.axes())
                  .containsExactly(
                      new Axis("step", -1, List.of()), new Axis("column", 2, List.of("a", "b")));
              assertThat(series.names()).containsExactly("a", "b");
              assertThat(series.shape()).containsExactly(-1, 2);
              assertThat(series.isSeries()).isTrue();
              assertThat(series.size()).isEqualTo(2);
            });
  }

  @Test
  void whatItsValuesAreSaysHowManyNumbersThereAre() {
    TensorSpec picture = of(Element.FLOAT32, 3, 2, 5);
    assertThat(picture.isPicture()).isTrue();
    assertThat(picture.size()).isEqualTo(30);
    assertThat(picture.width()).isEqualTo(30);
    TensorSpec oneHot =
        TensorSpec.of(
            "k", Element.ONE_HOT, List.of(2), List.of("p", "q"), List.of(4, 3), List.of());
    TensorSpec index =
        TensorSpec.of("i", Element.INDEX, List.of(1), List.of("i"), List.of(9), List.of());
    assertThat(oneHot.width()).isEqualTo(7);
    assertThat(index.width()).isEqualTo(1);
    FeatureSchema schema = new FeatureSchema(List.of(picture, oneHot, index), List.of());
    assertThat(schema.values()).isEqualTo(33);
    assertThat(schema.width()).isEqualTo(38);
  }

  /** As the step pixels makes them: divided in double precision and rounded once. */
  @Test
  void bytesStandForTheirShareOfTheGreatest() {
    TensorSpec picture = TensorSpec.bytes("p", List.of(3, 2, 5), 255);
    assertThat(picture.isPicture()).isTrue();
    assertThat(picture.decoded())
        .isEqualTo(
            TensorSpec.of("p", Element.FLOAT32, List.of(3, 2, 5), List.of(), List.of(), List.of()));
    assertThat(picture.decoded().decoded()).isEqualTo(picture.decoded());
    float[] numbers = picture.numberOfEachByte();
    assertThat(numbers).hasSize(256).startsWith(0, 0.003921569f).endsWith(1);
    for (int value = 0; value < 256; value++) {
      assertThat(numbers[value]).isEqualTo((float) (value / 255.0));
    }
    assertThat(read(Json.write(picture))).isEqualTo(picture);
  }

  @Test
  void divisorsAreOfBytes() {
    assertThatThrownBy(() -> TensorSpec.bytes("p", List.of(1, 1, 1), 0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "tensor p: the divisor must be above 0 and finite, and 1 of what is no bytes, got 0.0 of"
                + " UINT8");
    assertThatThrownBy(
            () ->
                read(
                    Json.write(TensorSpec.numbers("t", List.of("a")))
                        .replace("\"divisor\" : 1.0", "\"divisor\" : 2.0")))
        .hasMessage(
            "x: not readable: tensor t: the divisor must be above 0 and finite, and 1 of what is no"
                + " bytes, got 2.0 of FLOAT32");
  }

  @Test
  void aPictureOfPhotographsSizeIsAFewLinesOfJson() {
    TensorSpec picture = of(Element.FLOAT32, 3, 224, 224);
    String json = Json.write(picture);
    assertThat(json).hasSizeLessThan(500);
    assertThat(read(json)).isEqualTo(picture);
  }

  @Test
  void whatOlderBundlesSayMeansTheSame() {
    assertThat(
            read(
                """
                { "name": "g", "encoding": "FLOAT", "shape": [2], "names": ["a", "b"],
                  "cardinalities": [], "categories": [] }
                """))
        .isEqualTo(TensorSpec.numbers("g", List.of("a", "b")));
    assertThat(
            read(
                """
                { "name": "k", "encoding": "ONE_HOT", "shape": [1], "names": ["k"],
                  "cardinalities": [2], "categories": [["u", "v"]] }
                """))
        .isEqualTo(
            TensorSpec.of(
                "k",
                Element.ONE_HOT,
                List.of(1),
                List.of("k"),
                List.of(2),
                List.of(List.of("u", "v"))));
    assertThat(
            read(
                """
                { "name": "t", "encoding": "FLOAT", "shape": [1, 1, 2],
                  "names": ["t.0.0.0", "t.0.0.1"], "cardinalities": [], "categories": [] }
                """))
        .isEqualTo(of(Element.FLOAT32, 1, 1, 2));
    assertThat(
            read(
                """
                { "name": "s", "encoding": "FLOAT", "shape": [-1, 2], "names": ["a", "b"],
                  "cardinalities": [], "categories": [] }
                """))
        .isEqualTo(
            TensorSpec.of(
                "s", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of()));
    assertThat(
            read(
                """
                { "name": "s", "encoding": "FLOAT", "shape": [-1], "names": ["s"],
                  "cardinalities": [], "categories": [] }
                """))
        .isEqualTo(
            TensorSpec.of("s", Element.FLOAT32, List.of(-1), List.of(), List.of(), List.of()));
    assertThatThrownBy(() -> read("{ \"name\": \"t\", \"cardinalities\": [], \"categories\": [] }"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "x: not readable: tensor t: must have an element, axes and a divisor, or an encoding, a"
                + " shape and names");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|1|1|axis channel: the size must be at least 1, or -1 if it varies, got 0",
        "1|1|-1|tensor t: must have an axis, and none but the first may vary, got the shape [1, 1, -1]",
        "65536|65536|1|tensor t: must have at most 2,147,483,647 values, got the shape [65536, 65536, 1]"
      })
  void shapesMustBeShapes(int channels, int height, int width, String message) {
    assertThatThrownBy(() -> of(Element.FLOAT32, channels, height, width))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  @Test
  void weightedIndicesAreASeriesOfOneCardinality() {
    TensorSpec sparse =
        TensorSpec.of(
            "t", Element.WEIGHTED_INDEX, List.of(-1), List.of(), List.of(9), List.of(List.of()));
    assertThat(sparse.isWeighted() && sparse.isSeries()).isTrue();
    assertThat(sparse.isIndex() || sparse.element().isNumber()).isFalse();
    assertThat(sparse.size()).isEqualTo(1);
    assertThat(sparse.width()).isEqualTo(1);
    assertThat(Json.read(Json.write(sparse), TensorSpec.class, "x")).isEqualTo(sparse);
    assertThatThrownBy(
            () ->
                TensorSpec.of(
                    "t", Element.WEIGHTED_INDEX, List.of(2), List.of(), List.of(9, 9), List.of()))
        .hasMessage(
            "tensor t: weighted indices must have the shape [-1] and one cardinality, got the shape"
                + " [2] and the cardinalities [9, 9]");
  }

  @Test
  void namesAreOfAllPositionsOrOfNone() {
    assertThatThrownBy(
            () ->
                TensorSpec.of("t", Element.FLOAT32, List.of(2), List.of("a"), List.of(), List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("axis column: must have a name for each of 2 positions or none, got 1");
    assertThatThrownBy(() -> of(Element.FLOAT32, 1, 1, 1, 1))
        .hasMessage("tensor t: must have one axis, two or three, got the shape [1, 1, 1, 1]");
  }
}
