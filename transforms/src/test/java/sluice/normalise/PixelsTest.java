package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.data.SparkSchema;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;

class PixelsTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("_key string, _source string, image binary, y string");

  @Test
  void channelsComeApartAndBytesCountFromZeroToOne() {
    Pixels pixels = new Pixels(1, 2, 3);
    assertThat(pixels.value(new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255}))
        .containsExactly(0, 153 / 255.0, 0.2, 204 / 255.0, 0.4, 1);
    assertThat(pixels.names(List.of("image")))
        .containsExactly(
            "image.0.0.0",
            "image.0.0.1",
            "image.1.0.0",
            "image.1.0.1",
            "image.2.0.0",
            "image.2.0.1");
  }

  @Test
  void aPictureOfAnotherSizeIsMissing() {
    assertThat(new Pixels(2, 2, 1).value(new byte[3])).isNull();
    assertThat(new Pixels(2, 2, 1).value(null)).isNull();
  }

  @Test
  void theGroupHasTheShapeOfThePictureAlsoAfterScalingAndInJson() {
    FittedPreprocessing fitted =
        fit(
            List.of(new byte[] {0, 2}, new byte[] {0, 4}, new byte[] {0, 6}),
            new Pixels(1, 2, 1),
            new Standardise());
    assertThat(fitted.schema().inputs())
        .containsExactly(
            new TensorSpec(
                "image",
                Element.FLOAT32,
                List.of(
                    new Axis("channel", 1, List.of()),
                    new Axis("height", 1, List.of()),
                    new Axis("width", 2, List.of())),
                1,
                List.of(),
                List.of()));
    assertThat(Json.read(Json.write(fitted), FittedPreprocessing.class, "x")).isEqualTo(fitted);
    Features features = (Features) fitted.apply(RawRecord.of(Map.of("image", new byte[] {9, 4})));
    assertThat(features.floats().get("image")).containsExactly(0, 0);
  }

  @Test
  void aPictureThatNoStepFollowsIsStoredAsBytes() {
    byte[] picture = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
    byte[] planes = {0, (byte) 153, 51, (byte) 204, 102, (byte) 255};
    FittedPreprocessing fitted = fit(List.of(picture), new Pixels(1, 2, 3));
    assertThat(fitted.schema().inputs())
        .containsExactly(TensorSpec.bytes("image", List.of(3, 1, 2), 255));
    Features features = (Features) fitted.apply(RawRecord.of(Map.of("image", picture)));
    assertThat(features.floats()).isEmpty();
    assertThat(features.bytes().get("image")).containsExactly(planes);
    assertThat(fitted.apply(RawRecord.of(Map.of("image", new byte[5]))))
        .isEqualTo(new Rejected("image is 5 bytes at pixels: must be 1 x 2 pixels of 3 bytes"));
    Row row = Normalise.apply(fitted, table(List.of(picture, new byte[5]))).accepted().first();
    assertThat(row.<byte[]>getAs("image")).containsExactly(planes);
  }

  /** Beside another in one group they are columns, whose names say where a pixel is. */
  @Test
  void picturesOfOneGroupAreNumbersSideBySide() {
    FittedColumn column =
        new FittedColumn("image", FieldType.BINARY, Kind.BYTES, List.of(new Pixels(1, 2, 1)));
    FittedGroup group = new FittedGroup("two", List.of(column, column));
    assertThat(group.tensor())
        .isEqualTo(
            TensorSpec.numbers(
                "two", List.of("image.0.0.0", "image.0.0.1", "image.0.0.0", "image.0.0.1")));
    FittedPreprocessing fitted =
        new FittedPreprocessing(
            new DatasetContract(List.of(new Field("image", FieldType.BINARY))),
            List.of(group),
            List.of());
    Features features = (Features) fitted.apply(RawRecord.of(Map.of("image", new byte[] {51, 0})));
    assertThat(features.floats().get("two")).containsExactly(0.2f, 0, 0.2f, 0);
    Row row = Normalise.apply(fitted, table(List.of(new byte[] {51, 0}))).accepted().first();
    assertThat(row.<Float>getList(row.fieldIndex("two"))).containsExactly(0.2f, 0f, 0.2f, 0f);
  }

  @Test
  void rowsWithoutSuchAPictureAreNamed() {
    List<byte[]> pictures = List.of(new byte[4], new byte[4], new byte[5]);
    assertThatThrownBy(() -> fit(pictures, new Pixels(2, 2, 1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "group image, column image: gives no feature on 1 of 3 train rows, as where image is"
                + " 5 bytes at pixels: must be 2 x 2 pixels of 1 bytes");
  }

  @Test
  void bytesNeedPixelsAndPixelsNeedBytes() {
    assertThatThrownBy(() -> fit(List.of(new byte[4])))
        .hasMessage(
            "normalise.features[0]: group image: column image: its steps must end in numbers or"
                + " category indices, got bytes; add pixels");
    assertThat(
            StepChain.of(SparkSchema.contract(SCHEMA).type("y"), List.of(new Pixels(1, 1, 1)))
                .problem())
        .isEqualTo("pixels takes bytes, got text from string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|2|1|pixels: height must be at least 1, got 0",
        "1|-2|1|pixels: width must be at least 1, got -2",
        "1|2|0|pixels: channels must be at least 1, got 0",
        "65536|65536|1|pixels: height x width x channels must be at most 50,331,648, got 65536 x 65536 x 1"
      })
  void sizesMustBeSizes(int height, int width, int channels, String message) {
    assertThatThrownBy(() -> new Pixels(height, width, channels))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  private static Dataset<Row> table(List<byte[]> pictures) {
    return LocalSpark.session()
        .createDataFrame(
            pictures.stream().map(p -> RowFactory.create("k", "s", p, "a")).toList(), SCHEMA);
  }

  private static FittedPreprocessing fit(List<byte[]> pictures, Step... steps) {
    return Normalise.fit(
        table(pictures),
        SparkSchema.contract(SCHEMA),
        new NormaliseSettings(
            new LabelSettings(null, LabelType.NONE, null, LabelScale.NONE),
            List.of(new GroupSettings(null, List.of("image"), List.of(steps)))));
  }
}
