package sluice.training;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.FloatArrays;
import sluice.network.InputLayout;
import sluice.network.Network;
import sluice.network.NetworkDefinition;
import sluice.network.Target;
import sluice.network.UpdaterSpec;

/** One network replica that trains on one logical worker's examples. Not thread-safe. */
final class LogicalWorker {
  private static final int VALIDATED_AT_ONCE = 1024;

  private final InputLayout layout;
  private final Target target;
  private final Network network;

  LogicalWorker(NetworkDefinition definition, UpdaterSpec updater) {
    this.layout = definition.layout();
    this.target = definition.target();
    // The initial weights are overwritten at the start of every round.
    this.network = definition.initial(updater, 1);
  }

  WorkerResult train(int worker, List<Block> blocks, Round round) {
    network.setParameters(round.parameters());
    network.setUpdaterState(round.updaterState());
    long examples = 0;
    double lossSum = 0;
    for (int epoch = round.firstEpoch(); epoch < round.firstEpoch() + round.epochs(); epoch++) {
      Minibatches minibatches = new Minibatches(blocks, round, worker, epoch);
      for (int i = 0; i < round.endMinibatch() && minibatches.advance(); i++) {
        if (i < round.firstMinibatch()) {
          continue;
        }
        int iteration = epoch * round.minibatchesEachEpoch() + i;
        network.setCounters(iteration, epoch);
        // Dropout draws from a generator of this thread; what ran on it before must not matter.
        Nd4j.getRandom().setSeed(Seeds.of(round.seed(), worker, iteration));
        lossSum += fit(minibatches, round.classWeights()) * minibatches.size();
        examples += minibatches.size();
      }
    }
    return new WorkerResult(
        worker, examples, lossSum, network.parameters(), network.updaterState());
  }

  /** The losses of a worker's examples at these parameters, without penalties, and its hits. */
  Validation validate(List<Block> blocks, float[] parameters) {
    network.setParameters(parameters);
    Validation result = new Validation();
    for (Block block : blocks) {
      for (int start = 0; start < block.size(); start += VALIDATED_AT_ONCE) {
        validate(block, start, Math.min(block.size(), start + VALIDATED_AT_ONCE), result);
      }
    }
    return result;
  }

  private void validate(Block block, int from, int to, Validation result) {
    int size = to - from;
    float[] inputs = new float[size * layout.width()];
    float[] outputs = new float[size * target.outputs()];
    for (int i = 0; i < size; i++) {
      layout.write(block.numbers(), block.indices(), from + i, inputs, i * layout.width());
      target.write(block.label(from + i), outputs, i * target.outputs());
    }
    try (INDArray features = matrix(inputs, size);
        INDArray labels = matrix(outputs, size)) {
      INDArray losses = network.scoreExamples(new DataSet(features, labels));
      float[] predicted = FloatArrays.copy(network.output(features));
      double[] each = losses.dup().data().asDouble();
      for (int i = 0; i < size; i++) {
        result.add(each[i], hit(predicted, i, (int) block.label(from + i)));
      }
    }
  }

  private boolean hit(float[] predicted, int row, int label) {
    return switch (target.task()) {
      case REGRESSION -> false;
      case BINARY -> predicted[row] >= 0.5f == (label == target.positive());
      case MULTICLASS -> {
        int best = 0;
        for (int c = 1; c < target.outputs(); c++) {
          if (predicted[row * target.outputs() + c] > predicted[row * target.outputs() + best]) {
            best = c;
          }
        }
        yield best == label;
      }
    };
  }

  private double fit(Minibatches minibatches, float[] classWeights) {
    int size = minibatches.size();
    float[] inputs = new float[size * layout.width()];
    float[] outputs = new float[size * target.outputs()];
    float[] weights = new float[classWeights.length == 0 ? 0 : size];
    for (int i = 0; i < size; i++) {
      Block block = minibatches.block(i);
      int example = minibatches.example(i);
      layout.write(block.numbers(), block.indices(), example, inputs, i * layout.width());
      target.write(block.label(example), outputs, i * target.outputs());
      if (weights.length > 0) {
        weights[i] = classWeights[(int) block.label(example)];
      }
    }
    try (INDArray features = matrix(inputs, size);
        INDArray labels = matrix(outputs, size)) {
      if (weights.length == 0) {
        return network.fit(new MultiDataSet(features, labels));
      }
      // A mask over the examples is multiplied into their losses: a weight.
      try (INDArray mask = matrix(weights, size)) {
        return network.fit(
            new MultiDataSet(
                new INDArray[] {features}, new INDArray[] {labels}, null, new INDArray[] {mask}));
      }
    }
  }

  private static INDArray matrix(float[] values, int rows) {
    return FloatArrays.create(values, rows, values.length / rows);
  }

  /** Walks through a worker's examples in an epoch's order, a minibatch at a time. */
  private static final class Minibatches {
    private final List<Block> blocks;
    private final EpochOrder order;
    private final Block[] fromBlock;
    private final int[] examples;
    private int size;
    private int visited = -1;
    private int[] within = new int[0];
    private int at;

    Minibatches(List<Block> blocks, Round round, int worker, int epoch) {
      this.blocks = blocks;
      this.order = new EpochOrder(round.seed(), worker, epoch, blocks.size());
      this.fromBlock = new Block[round.batchSize()];
      this.examples = new int[round.batchSize()];
    }

    boolean advance() {
      size = 0;
      while (size < examples.length) {
        if (at == within.length) {
          if (++visited >= blocks.size()) {
            break;
          }
          within = order.examples(blocks.get(order.blocks()[visited]).size());
          at = 0;
        }
        fromBlock[size] = blocks.get(order.blocks()[visited]);
        examples[size++] = within[at++];
      }
      return size > 0;
    }

    int size() {
      return size;
    }

    Block block(int i) {
      return fromBlock[i];
    }

    int example(int i) {
      return examples[i];
    }
  }
}
