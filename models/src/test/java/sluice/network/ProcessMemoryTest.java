package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;

class ProcessMemoryTest {
  @Test
  void aProcessBeyondItsLimitTakesNoStep() {
    Natives.load();
    assertThatThrownBy(() -> ProcessMemory.check(1L << 20))
        .isInstanceOf(InvalidInput.class)
        .hasMessageMatching(
            "the memory of the process must be at most 1 MiB \\(heap, arrays and 1 GiB, or"
                + " org\\.bytedeco\\.javacpp\\.maxphysicalbytes\\), and is [\\d,]+ MiB: allow more,"
                + " or take smaller minibatches, shorter series or fewer slots");
    ProcessMemory.check(0);
    ProcessMemory.check(Pointer.physicalBytes() + (1L << 33));
  }

  /** Of the heap it is an error of Java's as before. */
  @Test
  void anAllocationThatFailsSaysWhichMemoryAndHowMuch() {
    OutOfMemoryError heap = new OutOfMemoryError("Java heap space");
    assertThatThrownBy(() -> ProcessMemory.explained(heap)).isSameAs(heap);
    assertThatThrownBy(
            () -> {
              try (FloatPointer huge = new FloatPointer(1L << 40)) {
                assertThat(huge.capacity()).isZero();
              } catch (OutOfMemoryError e) {
                throw ProcessMemory.explained(e);
              }
            })
        .isInstanceOf(InvalidInput.class)
        .hasMessageMatching(
            "the memory for arrays is full, of which there are [\\d,]+ MiB"
                + " \\(SLUICE_NATIVE_MEMORY of scripts/sluice, org\\.bytedeco\\.javacpp\\.maxbytes"
                + " of Java\\), [\\d,]+ MiB taken: allow more, or take smaller minibatches,"
                + " shorter series or fewer slots");
  }

  /** The arrays of Nd4j are made where JavaCPP's limit of bytes does not see them. */
  @Test
  void arraysOutsideTheHeapCount(@TempDir Path directory) throws IOException, InterruptedException {
    assertThat(steps(directory, "-Dorg.bytedeco.javacpp.maxphysicalbytes=2g"))
        .containsExactly("0 2048", "trained");
    assertThat(steps(directory, "-Dorg.bytedeco.javacpp.maxphysicalbytes=400m"))
        .hasSize(2)
        .startsWith("0 400")
        .last()
        .asString()
        .startsWith("the memory of the process must be at most 400 MiB");
  }

  @Test
  void withoutALimitTheProcessTakesHeapAndArraysAndAGibibyte(@TempDir Path directory)
      throws IOException, InterruptedException {
    List<String> said = steps(directory, "-Dorg.bytedeco.javacpp.maxbytes=1g");
    // Of 128 MiB of heap a collector may keep a part to itself.
    int mebibytes = Integer.parseInt(said.get(0).substring("0 ".length()));
    assertThat(mebibytes).isBetween(2048 + 90, 2048 + 128);
    assertThat(said.get(1)).isEqualTo("trained");
  }

  @Test
  void aLimitIsASize(@TempDir Path directory) throws IOException, InterruptedException {
    assertThat(steps(directory, "-Dorg.bytedeco.javacpp.maxphysicalbytes=much"))
        .containsExactly(
            "org.bytedeco.javacpp.maxphysicalbytes must be a size such as 4g, got much");
  }

  private static List<String> steps(Path directory, String limit)
      throws IOException, InterruptedException {
    Path printed = directory.resolve("printed");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", limit, "-cp", System.getProperty("java.class.path")));
    command.add(LargeNetwork.class.getName());
    assertThat(
            new ProcessBuilder(command)
                .redirectOutput(printed.toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start()
                .waitFor())
        .isZero();
    return Files.readAllLines(printed).stream()
        .filter(line -> line.startsWith("> "))
        .map(line -> line.substring(2))
        .toList();
  }

  /** A program that trains a network of some 500 MB for two steps. */
  static final class LargeNetwork {
    private LargeNetwork() {}

    public static void main(String... arguments) {
      try {
        Natives natives = Natives.load();
        System.out.println(
            "> " + Pointer.maxPhysicalBytes() + " " + (natives.maxPhysicalBytes() >> 20));
        Network network =
            new NetworkDefinition(
                    new MultilayerPerceptron(
                        List.of(5000, 5000),
                        HiddenActivation.RELU,
                        0,
                        0,
                        InitialWeights.HE,
                        Loss.AUTO),
                    List.of(
                        TensorSpec.of(
                            "x", Element.FLOAT32, List.of(10), List.of(), List.of(), List.of())),
                    Target.classes(3))
                .initial(new UpdaterSpec.Adam(0.001, 0.9, 0.999, 1e-8), 1);
        MultiDataSet batch =
            new MultiDataSet(
                Nd4j.rand(2, 10), Nd4j.createFromArray(new float[][] {{0, 1, 0}, {1, 0, 0}}));
        network.fit(batch);
        network.fit(batch);
        System.out.println("> trained");
      } catch (InvalidInput e) {
        System.out.println("> " + e.getMessage());
      }
    }
  }
}
