package sluice.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
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
 * Each turn is answered by {@code turn COMPILED DEEPLEARNING4J}, of transformers by {@code turn
 * COMPILED}, in examples a second of the thread's processor time: what else the machine does counts
 * less than in seconds of a clock.
 */
public final class Steps {
  private static final int CLASSES = 10;
  private static final int MINIBATCHES = 8;

  /** Turns in which the compiler is at work. */
  private static final int WARM_UP = 3;

  private final List<Replica> ways;
  private final List<MultiDataSet> minibatches = new ArrayList<>();
  private final int batchSize;

  /**
   * @param ways replicas and networks of the same parameters
   * @param inputs makes those of so many examples
   */
  private Steps(List<Replica> ways, int batchSize, BiFunction<Random, Integer, INDArray> inputs) {
    this.ways = List.copyOf(ways);
    this.batchSize = batchSize;
    Random random = new Random(Ours.SEED);
    for (int i = 0; i < MINIBATCHES; i++) {
      INDArray drawn = inputs.apply(random, batchSize);
      float[] labels = new float[batchSize * CLASSES];
      for (int j = 0; j < batchSize; j++) {
        labels[j * CLASSES + random.nextInt(CLASSES)] = 1;
      }
      minibatches.add(
          new MultiDataSet(
              new INDArray[] {drawn},
              new INDArray[] {FloatArrays.create(labels, batchSize, CLASSES)}));
    }
  }

  private static Steps of(NetworkSpec spec, List<Integer> shape, int batchSize) {
    NetworkDefinition definition =
        new NetworkDefinition(
            spec,
            List.of(
                new FeatureGroup(
                    "x", FeatureGroup.Encoding.FLOAT, shape, List.of(), List.of(), List.of())),
            Target.classes(CLASSES));
    Network own = definition.initial(Ours.ADAM, Ours.SEED);
    long width = shape.stream().reduce(1, Math::multiplyExact);
    return new Steps(
        List.of(compiled(own), own),
        batchSize,
        (random, count) -> FloatArrays.create(numbers(random, count * width), count, width));
  }

  private static Replica compiled(Network own) {
    Replica compiled = own.replica();
    compiled.setParameters(own.parameters());
    return compiled;
  }

  private static float[] numbers(Random random, long count) {
    float[] numbers = new float[Math.toIntExact(count)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static INDArray vectors(Random random, int count) {
    long size = (long) SeriesNetworks.FEATURES * SeriesNetworks.STEPS;
    return FloatArrays.create(
        numbers(random, count * size), count, SeriesNetworks.FEATURES, SeriesNetworks.STEPS);
  }

  private static INDArray indices(Random random, int count) {
    float[] indices = new float[count * SeriesNetworks.STEPS];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(SeriesNetworks.VOCABULARY);
    }
    return FloatArrays.create(indices, count, 1, SeriesNetworks.STEPS);
  }

  private static Steps transformer(int dimension, int blocks) {
    return new Steps(
        List.of(compiled(SeriesNetworks.transformer(dimension, blocks))), 32, Steps::indices);
  }

  private static Steps series(
      Network own, BiFunction<Random, Integer, INDArray> inputs) {
    return new Steps(List.of(compiled(own), own), 64, inputs);
  }

  /**
   * @param args network, processor-seconds of a turn, turns
   */
  public static void main(String[] args) {
    Natives.load();
    Steps steps =
        switch (args[0]) {
          case "mlp" -> of(Ours.mlp(HiddenActivation.RELU), List.of(784), 128);
          case "lenet" -> of(Ours.leNet(), List.of(1, 28, 28), 64);
          case "resnet" -> of(new ResNet(List.of(16, 32, 64), 3, 1e-4), List.of(3, 32, 32), 64);
          case "textcnn" -> series(SeriesNetworks.textCnn(), Steps::indices);
          case "lstm" -> series(SeriesNetworks.lstm(), Steps::vectors);
          case "transformer" -> transformer(128, 2);
          case "transformer7m" -> transformer(256, 6);
          default -> throw new IllegalArgumentException("no such network: " + args[0]);
        };
    double seconds = Double.parseDouble(args[1]);
    int turns = Integer.parseInt(args[2]);
    for (int turn = -WARM_UP; turn < turns; turn++) {
      StringBuilder rates = new StringBuilder("turn");
      for (Replica way : steps.ways) {
        rates.append(' ').append(steps.rate(way, seconds));
      }
      if (turn >= 0) {
        System.out.println(rates);
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
