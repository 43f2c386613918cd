package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;

/** What {@code auto} stands for is what the reference gives those who name the type alone. */
final class StandardNetworksTest {
  private static final TensorSpec COLUMNS =
      TensorSpec.of("a", Element.FLOAT32, List.of(1), List.of("a"), List.of(), List.of());
  private static final TensorSpec PICTURE =
      TensorSpec.of("p", Element.FLOAT32, List.of(1, 8, 8), List.of(), List.of(), List.of());

  private static final TensorSpec SERIES =
      TensorSpec.of("p", Element.FLOAT32, List.of(-1), List.of(), List.of(), List.of());

  private static final TensorSpec SPARSE =
      TensorSpec.of(
          "p", Element.WEIGHTED_INDEX, List.of(-1), List.of(), List.of(9), List.of(List.of()));

  private static NetworkSpec model(Path directory, String model) throws IOException {
    Path file = directory.resolve("p.conf");
    Files.writeString(
        file,
        """
        pipeline { name = p }
        ingest { format = parquet, path = "x.parquet", schema = "a DOUBLE, p BINARY, y STRING" }
        normalise {
          label.column = y
          features = [
            { name = a, columns = [a], steps = [standardise] }
            { name = p, columns = [p], steps = [{ type = pixels, height = 8, width = 8 }] }
          ]
        }
        model = %s
        """
            .formatted(model));
    return ConfigReader.ofPipelines().read(file, List.of()).value().model();
  }

  @Test
  void autoIsTheDefaultOfItsType(@TempDir Path directory) throws IOException {
    NetworkSpec auto = model(directory, "auto");
    assertThat(auto.settled(List.of(COLUMNS))).isEqualTo(model(directory, "mlp"));
    assertThat(auto.settled(List.of(PICTURE))).isEqualTo(model(directory, "resnet"));
    assertThat(auto.settled(List.of(COLUMNS, PICTURE)))
        .isEqualTo(model(directory, "{ type = network, inputs { p = resnet } }"));
    assertThat(auto.settled(List.of(COLUMNS, SERIES)))
        .isEqualTo(
            model(directory, "{ type = network, l2 = 0, inputs { p = sequence-transformer } }"));
    assertThat(auto.settled(List.of(COLUMNS, SPARSE)))
        .isEqualTo(model(directory, "{ type = network, l2 = 0, inputs { p = bag } }"));
  }

  @Test
  void aPenaltyThatIsLeftOpenIsNoneOverSeries(@TempDir Path directory) throws IOException {
    String network = "{ type = network, l2 = %s, inputs { p = recurrent } }";
    NetworkSpec open = model(directory, network.formatted("auto"));
    NetworkSpec given = model(directory, network.formatted("0.01"));
    for (TensorSpec series : List.of(SERIES, SPARSE)) {
      NetworkSpec settled = new NetworkDefinition(open, List.of(series), Target.number()).spec();
      assertThat(settled).isEqualTo(model(directory, network.formatted("0")));
      assertThat(settled.leavesL2ToTraining()).isFalse();
      assertThat(given.settled(List.of(COLUMNS, series))).isEqualTo(given);
    }
    assertThat(open.settled(List.of(COLUMNS, PICTURE))).isEqualTo(open);
    assertThat(open.leavesL2ToTraining()).isTrue();
  }

  @Test
  void columnsWithoutAnEncoderHaveTheDefaultOne(@TempDir Path directory) throws IOException {
    EncoderNetwork named =
        (EncoderNetwork) model(directory, "{ type = network, inputs { columns = mlp } }");
    Encoder columns = named.inputs().get(EncoderNetwork.COLUMNS);
    assertThat(columns).isEqualTo(EncoderNetwork.standardColumns());
  }
}
