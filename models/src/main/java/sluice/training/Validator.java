package sluice.training;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.data.Task;
import sluice.evaluation.ClassTally;
import sluice.evaluation.ErrorTally;
import sluice.evaluation.Tally;
import sluice.network.Batcher;
import sluice.network.FloatArrays;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.spec.Loss;
import sluice.training.TrainSettings.EarlyStopping.Metric;
import sluice.training.examples.Block;

/** Losses and metrics of a network on examples that it does not train on. */
final class Validator implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int AT_ONCE = 1024;

  private final Batcher batcher;
  private final Target target;
  private final Loss loss;
  private final Metric watched;
  private final LabelUnits units;

  /**
   * @param loss that the networks have
   * @param watched what the tallies gather for, besides the accuracy of classes
   */
  Validator(Batcher batcher, Target target, Loss loss, Metric watched, LabelUnits units) {
    this.batcher = batcher;
    this.target = target;
    this.loss = loss;
    this.watched = watched;
    this.units = units;
  }

  /** The losses of some examples at these parameters, without penalties, and their tally. */
  Validation validate(Replica network, Iterator<Block> blocks, float[] parameters) {
    network.setParameters(parameters);
    Validation result = new Validation(tally());
    while (blocks.hasNext()) {
      Block block = blocks.next();
      for (int start = 0; start < block.size(); start += AT_ONCE) {
        validate(network, block, start, Math.min(block.size(), start + AT_ONCE), result);
      }
    }
    return result;
  }

  /** By how much the losses of some examples fall from these parameters to those. */
  LossFall fall(Replica network, Iterator<Block> blocks, float[] before, float[] after) {
    LossFall result = new LossFall(target, loss);
    while (blocks.hasNext()) {
      Block block = blocks.next();
      network.setParameters(before);
      float[] first = losses(network, block);
      network.setParameters(after);
      float[] second = losses(network, block);
      for (int i = 0; i < first.length; i++) {
        result.add(block.label(i), first[i], second[i]);
      }
    }
    return result;
  }

  private float[] losses(Replica network, Block block) {
    float[] losses = new float[block.size()];
    for (int start = 0; start < losses.length; start += AT_ONCE) {
      float[] some =
          judge(network, block, start, Math.min(losses.length, start + AT_ONCE)).losses()[0];
      System.arraycopy(some, 0, losses, start, some.length);
    }
    return losses;
  }

  /** The tally of some examples if the network were right about each. */
  Tally perfect(Iterator<Block> blocks) {
    Tally tally = tally();
    float[] outputs = new float[target.outputs()];
    while (blocks.hasNext()) {
      Block block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        Arrays.fill(outputs, 0);
        target.write(block.label(i), outputs, 0);
        add(tally, block.label(i), outputs, 0);
      }
    }
    return tally;
  }

  private Tally tally() {
    return target.task() == Task.REGRESSION
        ? new ErrorTally()
        : ClassTally.of(
            watched.figure().orElse("accuracy"),
            target.classCount(),
            target.task() == Task.BINARY ? target.positive() : -1);
  }

  private void validate(Replica network, Block block, int from, int to, Validation result) {
    Replica.Judged judged = judge(network, block, from, to);
    for (int i = 0; i < to - from; i++) {
      result.add(judged.losses()[0][i]);
      add(result.tally(), block.label(from + i), judged.outputs()[0], i * target.outputs());
    }
  }

  private Replica.Judged judge(Replica network, Block block, int from, int to) {
    int size = to - from;
    float[][] inputs = batcher.arrays(size);
    float[] outputs = new float[size * target.outputs()];
    for (int i = 0; i < size; i++) {
      batcher.write(block.numbers(), block.indices(), from + i, inputs, i);
      target.write(block.label(from + i), outputs, i * target.outputs());
    }
    INDArray[] features = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      features[i] = FloatArrays.create(inputs[i], size, batcher.inputs().get(i).width());
    }
    INDArray labels = FloatArrays.create(outputs, size, target.outputs());
    try {
      return network.judge(new MultiDataSet(features, new INDArray[] {labels}));
    } finally {
      for (INDArray array : features) {
        array.close();
      }
      labels.close();
    }
  }

  private void add(Tally tally, float label, float[] outputs, int at) {
    if (tally instanceof ClassTally classes) {
      classes.add((int) label, mostLikely(outputs, at), outputs[at]);
    } else if (tally instanceof ErrorTally numbers) {
      numbers.add(units.unscaled(label), units.unscaled(outputs[at]));
    }
  }

  /** The class that scoring would name: of equally likely ones the first. */
  private int mostLikely(float[] outputs, int at) {
    if (target.task() == Task.BINARY) {
      float positive = outputs[at];
      float negative = 1 - positive;
      float first = target.positive() == 0 ? positive : negative;
      float second = target.positive() == 0 ? negative : positive;
      return second > first ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < target.outputs(); c++) {
      if (outputs[at + c] > outputs[at + best]) {
        best = c;
      }
    }
    return best;
  }
}
