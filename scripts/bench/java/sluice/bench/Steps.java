package sluice.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;
import sluice.normalise.FeatureGroup;

/**
 * Steps of training on random examples, compiled and by Deeplearning4j in turns, in one thread.
 * Each turn is answered by {@code turn COMPILED DEEPLEARNING4J}, in examples a second of the
 * thread's processor time: what else the machine does counts less than in seconds of a clock.
 */
public final class Steps {
  private static final int CLASSES = 10;
  private static final int MINIBATCHES = 8;

  /** Turns in which the compiler is at work. */
  private static final int WARM_UP = 3;

  private final List<Replica> ways;
  private final List<MultiDataSet> minibatches = new ArrayList<>();
  private final int batchSize;

  private Steps(NetworkSpec spec, List<Integer> shape, int batchSize) {
    this.batchSize = batchSize;
    NetworkDefinition definition =
        new NetworkDefinition(
            spec,
            List.of(
                new FeatureGroup(
                    "x", FeatureGroup.Encoding.FLOAT, shape, List.of(), List.of(), List.of())),
            Target.classes(CLASSES));
    Network own = definition.initial(Ours.ADAM, Ours.SEED);
    Replica compiled = own.replica();
    compiled.setParameters(own.parameters());
    ways = List.of(compiled, own);
    Random random = new Random(Ours.SEED);
    int width = shape.stream().reduce(1, Math::multiplyExact);
    for (int i = 0; i < MINIBATCHES; i++) {
      float[] inputs = new float[batchSize * width];
      for (int j = 0; j < inputs.length; j++) {
        inputs[j] = (float) random.nextGaussian();
      }
      float[] labels = new float[batchSize * CLASSES];
      for (int j = 0; j < batchSize; j++) {
        labels[j * CLASSES + random.nextInt(CLASSES)] = 1;
      }
      minibatches.add(
          new MultiDataSet(
              new INDArray[] {FloatArrays.create(inputs, batchSize, width)},
              new INDArray[] {FloatArrays.create(labels, batchSize, CLASSES)}));
    }
  }

  /**
   * @param args network, processor-seconds of a turn, turns
   */
  public static void main(String[] args) {
    Natives.load();
    Steps steps =
        switch (args[0]) {
          case "mlp" -> new Steps(Ours.mlp(HiddenActivation.RELU), List.of(784), 128);
          case "lenet" -> new Steps(Ours.leNet(), List.of(1, 28, 28), 64);
          case "resnet" ->
              new Steps(new ResNet(List.of(16, 32, 64), 3, 1e-4), List.of(3, 32, 32), 64);
          default -> throw new IllegalArgumentException("no such network: " + args[0]);
        };
    double seconds = Double.parseDouble(args[1]);
    int turns = Integer.parseInt(args[2]);
    for (int turn = -WARM_UP; turn < turns; turn++) {
      double compiled = steps.rate(steps.ways.get(0), seconds);
      double own = steps.rate(steps.ways.get(1), seconds);
      if (turn >= 0) {
        System.out.println("turn " + compiled + " " + own);
      }
    }
  }

  private double rate(Replica way, double seconds) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long examples = 0;
    double spent = 0;
    for (int step = 0; spent < seconds; step++) {
      way.fit(minibatches.get(step % MINIBATCHES));
      examples += batchSize;
      spent = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    }
    return examples / spent;
  }
}
