package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Digest;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.RowKey;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

class IdxTest {
  private static final String SCHEMA = "image BINARY, digit INT, part STRING";

  @TempDir Path dir = Path.of("");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void picturesMeetTheirLabelsAndTheirPart(boolean compressed) throws IOException {
    String ending = compressed ? ".gz" : "";
    Path train = write("train-images-idx3-ubyte" + ending, pictures(5, 2, 3));
    write("train-labels-idx1-ubyte" + ending, labels(5));
    Path test = write("t10k-images-idx3-ubyte" + ending, pictures(2, 2, 3));
    write("t10k-labels-idx1-ubyte" + ending, labels(2));

    Ingested ingested = read(SCHEMA, dir.toString());

    List<Row> rows = ingested.rows().orderBy("_source", "digit").collectAsList();
    assertThat(ingested.rows().schema().toDDL())
        .isEqualTo("_key BINARY,_source STRING,image BINARY,digit INT,part STRING");
    // Both files begin with the same two pictures, and labels fall from 255.
    assertThat(rows.stream().map(row -> List.of(row.get(1), row.get(3), row.get(4))))
        .containsExactly(
            List.of(test.toString(), 254, "test"),
            List.of(test.toString(), 255, "test"),
            List.of(train.toString(), 251, "train"),
            List.of(train.toString(), 252, "train"),
            List.of(train.toString(), 253, "train"),
            List.of(train.toString(), 254, "train"),
            List.of(train.toString(), 255, "train"));
    for (Row row : rows) {
      byte[] picture = row.getAs("image");
      assertThat(picture).isEqualTo(picture(255 - row.<Integer>getAs("digit"), 6));
      byte[] key =
          RowKey.of(
              RawRecord.of(
                  Map.of("image", picture, "digit", row.getInt(3), "part", row.getString(4))),
              List.of("image", "digit", "part"));
      assertThat(row.<byte[]>getAs(0)).isEqualTo(key);
    }
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(7, 0));
  }

  @Test
  void onlyPicturesAreReadWhereNoLabelIsAskedFor() throws IOException {
    Path images = write("new-images-idx4-ubyte", idx(new int[] {2, 1, 2, 3}, 12));
    write("new-labels-idx1-ubyte", labels(7));
    List<Row> rows =
        read("image BINARY, part STRING", dir.toString()).rows().orderBy("_key").collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows).allSatisfy(row -> assertThat(row.isNullAt(3)).isTrue());
    assertThat(rows.stream().map(row -> row.<byte[]>getAs("image").length)).containsOnly(6);
    assertThat(read("image BINARY", images.toString()).rows().count()).isEqualTo(2);
  }

  /** What many tasks read of a large file is what one task reads of it compressed. */
  @Test
  void theDigestDoesNotDependOnHowAFileIsCut() throws IOException {
    byte[] pictures = pictures(6_000, 50, 60);
    new Random(3).nextBytes(pictures);
    ByteBuffer.wrap(pictures).put(head(6_000, 50, 60));
    Files.createDirectories(dir.resolve("plain"));
    Files.createDirectories(dir.resolve("small"));
    write("plain/a-images-idx3-ubyte", pictures);
    write("plain/a-labels-idx1-ubyte", labels(6_000));
    write("small/a-images-idx3-ubyte.gz", pictures);
    write("small/a-labels-idx1-ubyte.gz", labels(6_000));
    var plain = read("image BINARY, digit INT", dir.resolve("plain").toString()).rows();
    var small = read("image BINARY, digit INT", dir.resolve("small").toString()).rows();
    assertThat(plain.toJavaRDD().map(row -> 1).count()).isEqualTo(6_000);
    assertThat(Digest.of(plain.drop("_source"), "_key"))
        .isEqualTo(Digest.of(small.drop("_source"), "_key"));
  }

  @Test
  void filesThatAreNotWhatTheySayAreRefusedTogether() throws IOException {
    byte[] good = pictures(3, 2, 2);
    Path notIdx = write("a-images", new byte[] {0, 0, 13, 3, 0, 0});
    write("b-images", new byte[0]);
    Path headless = write("c-images", Arrays.copyOf(good, 9));
    Path shortened = write("d-images", Arrays.copyOf(good, good.length - 1));
    Path longer = write("e-images", Arrays.copyOf(good, good.length + 2));
    Path nothing = write("f-images", idx(new int[] {0, 2, 2}, 0));
    Path vast = write("g-images", head(3, 1 << 30, 1 << 30));
    Path few = write("h-images", good);
    Path labels = write("h-labels", labels(2));
    Path alone = write("i-images", good);
    Path orphan = write("j-labels", labels(2));
    byte[] whole = Files.readAllBytes(write("k-images.gz", good));
    Path torn = dir.resolve("k-images.gz");
    Files.write(torn, Arrays.copyOf(whole, whole.length - 9));

    assertThatThrownBy(() -> read(SCHEMA, dir.toString()))
        .isInstanceOf(InvalidInput.class)
        .satisfies(
            e ->
                assertThat(((InvalidInput) e).problems())
                    .containsExactlyInAnyOrder(
                        notIdx
                            + ": must begin with the bytes 00 00 08 and the number of dimensions,"
                            + " as an idx file of unsigned bytes does, begins with 00 00 0d 03",
                        headless + ": is cut short within its header",
                        shortened
                            + ": is cut short: its header says 3 x 4 bytes, 28 with itself, and"
                            + " there are 27",
                        longer
                            + ": goes on behind its end: its header says 3 x 4 bytes, 28 with"
                            + " itself, and there are 30",
                        nothing
                            + ": its header must say 1 item or more of 1 byte to 2 GiB, says 0 of"
                            + " 4",
                        vast
                            + ": its header must say 1 item or more of 1 byte to 2 GiB, says 3 of"
                            + " 2,147,483,647",
                        labels
                            + ": must have a label for each of the 3 pictures in "
                            + few
                            + ", has 2",
                        alone
                            + ": has no labels: there must be a file of one dimension with labels"
                            + " in its name in place of images",
                        orphan + ": has labels of no pictures that are read",
                        torn + ": is cut short: the compressed bytes have no end"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "idx|digit INT|`digit` int",
        "idx|a BINARY, b BINARY|`a` binary, `b` binary",
        "idx|image BINARY, x DOUBLE|`image` binary, `x` double"
      })
  void theSchemaIsOfWhatIdxFilesHold(String format, String schema, String ddl) {
    assertThatThrownBy(
            () -> FileSettings.of(format, List.of("x"), Map.of(), schema, 0, null).contract())
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "schema: idx files give one BINARY, the picture, and at most one INT, its label, and"
                + " one STRING, its part, got "
                + ddl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void textHoldsNoBytes(String format) {
    assertThatThrownBy(
            () -> FileSettings.of(format, List.of("x"), Map.of(), "a BINARY", 0, null).key())
        .isInstanceOf(InvalidInput.class)
        .hasMessage("schema: column a must not be binary, which " + format + " cannot hold");
  }

  private static Ingested read(String schema, String... paths) {
    return Ingest.read(
        LocalSpark.session(), FileSettings.of("idx", List.of(paths), Map.of(), schema, 0, null));
  }

  private Path write(String name, byte[] content) throws IOException {
    Path file = dir.resolve(name);
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      out.write(content);
    }
    return file;
  }

  private static byte[] pictures(int items, int height, int width) {
    ByteBuffer bytes =
        ByteBuffer.wrap(idx(new int[] {items, height, width}, items * height * width));
    bytes.position(16);
    for (int i = 0; i < items; i++) {
      bytes.put(picture(i, height * width));
    }
    return bytes.array();
  }

  private static byte[] picture(int item, int size) {
    byte[] picture = new byte[size];
    Arrays.fill(picture, (byte) (200 + item));
    picture[0] = (byte) item;
    return picture;
  }

  private static byte[] labels(int items) {
    byte[] bytes = idx(new int[] {items}, items);
    for (int i = 0; i < items; i++) {
      bytes[8 + i] = (byte) (255 - i);
    }
    return bytes;
  }

  private static byte[] idx(int[] dimensions, int content) {
    byte[] head = head(dimensions);
    return Arrays.copyOf(head, head.length + content);
  }

  private static byte[] head(int... dimensions) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length);
    bytes.put(new byte[] {0, 0, 8, (byte) dimensions.length});
    for (int dimension : dimensions) {
      bytes.putInt(dimension);
    }
    return bytes.array();
  }
}
