package sluice.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.testing.Gadget;
import sluice.training.averaging.AveragingState;

/** Checkpoints that anybody may have written, with the right digest at their end. */
class HostileCheckpointTest {
  private static final String HEADER = header(2, 0, 0, 0, 0);

  private Path parent;
  private Path outside;

  @BeforeEach
  void in(@TempDir Path temporary) throws IOException {
    Path real = temporary.toRealPath();
    parent = Files.createDirectory(real.resolve("checkpoints"));
    outside = Files.createDirectory(real.resolve("outside"));
    Files.write(outside.resolve("round-000000009"), bytes(honest()));
    Files.writeString(outside.resolve("thesis.txt"), "years of work");
  }

  private static byte[] bytes(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    checkpoint.write("this", bytes);
    return bytes.toByteArray();
  }

  private static Checkpoint honest() {
    return new Checkpoint(
        new Checkpoint.Position(0, 1, 0, 1, 9, 0, 0, 0, List.of(), List.of(), 0, false),
        new AveragingState(new float[2], new float[0], new float[0], new float[0], new TreeMap<>()),
        new float[2],
        new float[0]);
  }

  private static String header(int parameters, int updater, int velocity, int workers, int epoch) {
    return """
    {"format": 3, "training": "this", "parameters": %d, "average": 0, "updaterState": %d,
     "velocity": %d, "reference": 0, "localWorkers": %d, "position": {"epoch": %d, "epochs": 1, "minibatch": 0, "frequency": 1,
     "averagings": 1, "lossSum": 0, "trained": 0, "spent": 0, "history": [], "seconds": [],
     "bestRecord": 0, "stopped": false}}
    """
        .formatted(parameters, updater, velocity, workers, epoch);
  }

  /** What a forger files: a length, a header, and 16 bytes of numbers, signed. */
  private static byte[] forged(int length, String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return signed(
        ByteBuffer.allocate(Integer.BYTES + json.length + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(length)
            .put(json)
            .array());
  }

  private static byte[] forged(String header) {
    return forged(header.getBytes(StandardCharsets.UTF_8).length, header);
  }

  private static byte[] signed(byte[] content) {
    byte[] digest = Sha256.hexOf(content).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(content, content.length + digest.length);
    System.arraycopy(digest, 0, all, content.length, digest.length);
    return all;
  }

  static Stream<Arguments> forgeries() {
    int most = Integer.MAX_VALUE;
    String unsigned =
        "a checkpoint must end with the SHA-256 of what is before, was cut short or changed";
    return Stream.of(
        Arguments.of("a serialised object", Gadget.serialised(), unsigned),
        Arguments.of("nothing", new byte[0], unsigned),
        Arguments.of(
            "a serialised object, signed",
            signed(Gadget.serialised()),
            "the header must have between 0 and %d bytes, got %d"
                .formatted(Gadget.serialised().length - 4, 0x0500edac)),
        Arguments.of(
            "a header of no length",
            forged(-1, HEADER),
            "the header must have between 0 and %d bytes, got -1".formatted(HEADER.length() + 16)),
        Arguments.of(
            "a header longer than the file",
            forged(most, HEADER),
            "the header must have between 0 and %d bytes, got %d"
                .formatted(HEADER.length() + 16, most)),
        Arguments.of(
            "more parameters than memory",
            forged(header(most, 0, 0, 0, 0)),
            "the arrays must have 17179869176 bytes by the header, got 16"),
        Arguments.of(
            "sizes that overflow together",
            forged(header(most, most, most, most, 0)),
            "the header must have at most 1,048,576 workers, got 2,147,483,647"),
        Arguments.of(
            "workers without end",
            forged(header(2, 0, 0, most, 0)),
            "the header must have at most 1,048,576 workers, got 2,147,483,647"),
        Arguments.of(
            "an epoch before the first",
            forged(header(2, 0, 0, 0, -7)),
            "not readable: a position must be one of a training, with seconds of each record, got"
                + " epoch -7 of 1, minibatch 0 by 1, 1 averagings, 0 examples, 0 records, 0"
                + " seconds, the best 0"),
        Arguments.of(
            "a class that is named by the header",
            forged(HEADER.replaceFirst("\\{", "{\"@class\": \"sluice.testing.Gadget\", ")),
            "not readable: @class is none of [format, training, parameters, average, updaterState,"
                + " velocity, reference, localWorkers, position] of Header"),
        Arguments.of(
            "deep JSON",
            forged(HEADER.replace("\"history\": []", "\"history\": " + "[".repeat(100_000))),
            "not readable: Cannot deserialize value of type `sluice.training.checkpoint.EpochRecord` from"
                + " Array value (token `JsonToken.START_ARRAY`)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void isRefusedAndTheTrainingBeginsAnew(String what, byte[] content, String reason)
      throws IOException {
    assertThatThrownBy(
            () ->
                Checkpoint.read(
                    () -> new ByteArrayInputStream(content),
                    content.length,
                    "this",
                    "round-000000001"))
        .as(what)
        .isInstanceOf(InvalidInput.class)
        .hasMessage("round-000000001: " + reason);
    Files.write(Files.createDirectory(parent.resolve("this")).resolve("round-000000001"), content);
    assertThat(checkpoints().latest()).isEmpty();
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void theHonestOneIsGoneOnFrom() throws IOException {
    Files.write(
        Files.createDirectory(parent.resolve("this")).resolve("round-000000009"), bytes(honest()));
    assertThat(checkpoints().latest().orElseThrow().position()).isEqualTo(honest().position());
  }

  /** Neither a directory nor a file that leads elsewhere is read, written or deleted in. */
  @Test
  void linksOutOfTheDirectoryAreNotFollowed() throws IOException {
    Files.createSymbolicLink(parent.resolve("this"), outside);
    Files.createSymbolicLink(parent.resolve("that"), outside);
    assertThat(checkpoints().latest()).isEmpty();
    assertThatThrownBy(() -> checkpoints().write(honest(), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s/this: must be a directory of the run itself, is a link", parent);
    checkpoints().clear();
    checkpoints().clearOthers();
    try (Stream<Path> files = Files.list(outside)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("round-000000009", "thesis.txt");
    }
    Files.delete(parent.resolve("this"));
    Files.createSymbolicLink(
        Files.createDirectory(parent.resolve("this")).resolve("round-000000009"),
        outside.resolve("round-000000009"));
    assertThat(checkpoints().latest()).isEmpty();
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(
        new org.apache.hadoop.fs.Path(parent.toUri()), new Configuration(), "this");
  }
}
