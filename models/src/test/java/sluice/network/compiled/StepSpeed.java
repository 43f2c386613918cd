package sluice.network.compiled;

import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.Replica;

/** Run by hand: how fast a step is, beside that of the replica that networks have now. */
final class StepSpeed {
  private static final int EXAMPLES = 128;
  private static final int WIDTH = 784;
  private static final int ROUNDS = 9;
  private static final int STEPS = 200;

  private StepSpeed() {}

  public static void main(String[] arguments) {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new Adam(0.001))
            .activation(Activation.RELU)
            .list()
            .layer(new DenseLayer.Builder().nIn(WIDTH).nOut(256).build())
            .layer(new DenseLayer.Builder().nIn(256).nOut(256).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nIn(256)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build();
    Network network = Network.of(configuration);
    Replica now = network.replica();
    Replica compiled =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    now.setParameters(network.parameters());
    now.setUpdaterState(network.updaterState());
    compiled.setParameters(network.parameters());
    compiled.setUpdaterState(network.updaterState());
    Random random = new Random(1);
    float[] inputs = new float[EXAMPLES * WIDTH];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    float[] labels = new float[EXAMPLES * 10];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i * 10 + random.nextInt(10)] = 1;
    }
    MultiDataSet batch =
        new MultiDataSet(
            FloatArrays.create(inputs, EXAMPLES, WIDTH), FloatArrays.create(labels, EXAMPLES, 10));
    for (int round = 0; round < ROUNDS; round++) {
      double before = milliseconds(now, batch);
      double found = milliseconds(compiled, batch);
      System.out.printf(
          "now %.3f ms, compiled %.3f ms, speed %.3f%n", before, found, before / found);
    }
  }

  private static double milliseconds(Replica replica, MultiDataSet batch) {
    long start = System.nanoTime();
    for (int i = 0; i < STEPS; i++) {
      replica.fit(batch);
    }
    return (System.nanoTime() - start) / 1e6 / STEPS;
  }
}
