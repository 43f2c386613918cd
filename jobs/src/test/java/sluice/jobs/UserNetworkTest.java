package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.network.spec.Dl4jNetwork;
import sluice.run.Published;
import sluice.run.Stage;

/** Trainings of a network that a user configured in Deeplearning4j. */
@Tag("pipeline")
final class UserNetworkTest {
  private static Path dir;
  private static TinyRun run;

  /** A file as {@code toJson()} writes it, over so many columns, to two classes. */
  static String network(int columns) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .list()
        .layer(new DenseLayer.Builder().nIn(columns).nOut(5).activation(Activation.ELU).build())
        .layer(
            new OutputLayer.Builder(LossFunction.XENT)
                .nIn(5)
                .nOut(1)
                .activation(Activation.SIGMOID)
                .build())
        .build()
        .toJson();
  }

  @BeforeAll
  static void prepared(@TempDir Path directory) throws IOException {
    dir = directory;
    run = TinyRun.write(directory);
    Path conf = run.configuration();
    Files.writeString(
        conf,
        Files.readString(conf)
            .replace(
                "model { type = mlp, hidden = [4], dropout = 0.2 }",
                "model { type = dl4j, configuration = \"%s/net.json\" }".formatted(directory))
            .replace("epochs = 5", "epochs = 2"));
    write(network(2));
    sluice.testing.LocalSpark.session();
    CommandLine.out("prepare", conf.toString());
  }

  private static void write(String network) throws IOException {
    Files.writeString(dir.resolve("net.json"), network);
  }

  private static CommandLine train() {
    return CommandLine.of("train", run.configuration().toString());
  }

  private static Published model() {
    return run.outputs().published(Stage.MODEL);
  }

  @Test
  void trainsIsKeptUntilTheFileChangesAndIsMadeAgainWithoutIt() throws IOException {
    write(network(2));
    assertThat(train().code()).isZero();
    Published first = model();
    Path bundle = run.outputs().path(Stage.MODEL);
    ModelBundle read = ModelBundle.load(bundle);
    assertThat(read.definition().spec()).isInstanceOf(Dl4jNetwork.class);
    assertThat(read.definition().architecture())
        .containsExactly(
            "DenseLayer elu(alpha=1.0) W[2, 5] b[5]", "OutputLayer sigmoid W[5, 1] b[1]");
    assertThat(read.provenance().configuration())
        .containsPattern(
            "model\\.type = \"dl4j\"\\nmodel\\.configuration = sha256:[0-9a-f]{64}\\n");
    assertThat(Scorer.load(bundle).score(Map.of("a", 3.0, "b", 0.0)))
        .isInstanceOf(Prediction.OfClass.class);

    // White space means nothing.
    write(network(2).replace("  ", " "));
    assertThat(train().code()).isZero();
    assertThat(model().attempt()).isEqualTo(first.attempt());

    write(network(2).replace("ActivationELU", "ActivationReLU"));
    assertThat(train().code()).isZero();
    assertThat(model().attempt()).isNotEqualTo(first.attempt());

    Files.delete(dir.resolve("net.json"));
    assertThat(CommandLine.out("reproduce", dir.resolve("runs/tiny").toString()))
        .allMatch(line -> line.endsWith("   same"));
    write(network(2));
  }

  @Test
  void whatCannotBeReadOrDoesNotFitEndsTheJobBeforeItBegins() throws IOException {
    write(network(3));
    assertThat(train())
        .isEqualTo(
            refused(
                "model.configuration: layer layer0: nIn must be 2 as an example of the features has, got 3"));
    write(network(2).replace("org.nd4j.linalg.activations.impl.ActivationELU", "com.evil.Elu"));
    assertThat(train())
        .isEqualTo(
            refused(
                "model.configuration: %s/net.json: $.confs[0].layer.activationFn.@class must be one of the classes that models/README.md lists; layers of one's own and SameDiff are refused, got com.evil.Elu"
                    .formatted(dir)));
    Files.delete(dir.resolve("net.json"));
    CommandLine missing = train();
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err().get(0))
        .startsWith(
            "model.configuration: %s/net.json: must be a file, cannot be read: ".formatted(dir));
    write(network(2));
  }

  private static CommandLine refused(String problem) {
    return new CommandLine(2, List.of(), List.of(problem));
  }
}
