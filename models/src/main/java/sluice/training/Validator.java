package sluice.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.data.Task;
import sluice.evaluation.classification.ClassTally;
import sluice.evaluation.classification.SetPredictions;
import sluice.evaluation.classification.SetTally;
import sluice.evaluation.classification.TagTally;
import sluice.evaluation.metric.Tally;
import sluice.evaluation.regression.ErrorTally;
import sluice.network.Batch;
import sluice.network.Batcher;
import sluice.network.Examples;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.spec.Loss;
import sluice.training.examples.Block;

/** Losses and metrics of a network on examples that it does not train on. */
final class Validator implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Batcher batcher;
  private final List<Loss> losses;
  private final List<String> tallied;
  private final List<LabelUnits> units;
  private final double[] lossWeights;
  private final int atOnce;

  /**
   * @param losses that the networks have, one a target
   * @param tallied for each target the metric that its tally gathers for, besides the accuracy of
   *     classes
   * @param units of each target
   * @param atOnce how many examples are judged together: as many as a step takes need no more
   *     memory than that
   */
  Validator(
      Batcher batcher,
      List<Loss> losses,
      List<String> tallied,
      List<LabelUnits> units,
      int atOnce) {
    this.atOnce = atOnce;
    this.batcher = batcher.unweighted();
    this.losses = List.copyOf(losses);
    this.tallied = List.copyOf(tallied);
    this.units = List.copyOf(units);
    this.lossWeights = batcher.lossWeights();
  }

  /** The losses of some examples at these parameters, without penalties, and their tallies. */
  Validation validate(Replica network, Iterator<Block> blocks, float[] parameters) {
    network.setParameters(parameters);
    Validation result = new Validation(tallies());
    while (blocks.hasNext()) {
      Block block = blocks.next();
      for (int start = 0; start < block.size(); ) {
        int end = start + batcher.atOnce(block.examples(), start, atOnce);
        validate(network, block, start, end, result);
        start = end;
      }
    }
    return result;
  }

  /** By how much the losses of some examples fall from these parameters to those. */
  LossFall fall(Replica network, Iterator<Block> blocks, float[] before, float[] after) {
    LossFall result = new LossFall(batcher.targets(), lossWeights, losses);
    while (blocks.hasNext()) {
      Block block = blocks.next();
      network.setParameters(before);
      double[] first = losses(network, block);
      network.setParameters(after);
      double[] second = losses(network, block);
      for (int i = 0; i < first.length; i++) {
        result.add(labels(block, i), first[i], second[i]);
      }
    }
    return result;
  }

  /** Of each target its labels; see {@link ConstantLoss#addAll}. */
  private float[][] labels(Block block, int example) {
    float[][] labels = new float[batcher.targets().size()][];
    for (int t = 0; t < labels.length; t++) {
      float label = block.label(example, t);
      Task task = batcher.targets().get(t).task();
      if (task == Task.MULTILABEL) {
        int[] names = batcher.indices(block.examples(), example, t);
        labels[t] = new float[Float.isNaN(label) ? 0 : batcher.targets().get(t).outputs()];
        if (labels[t].length > 0) {
          for (int name : names) {
            labels[t][name] = 1;
          }
        }
      } else if (task == Task.TAGS) {
        int[] tags = batcher.indices(block.examples(), example, t);
        int read = batcher.taggedSteps(block.examples(), example, t);
        labels[t] = new float[Math.min(tags.length, read)];
        for (int step = 0; step < labels[t].length; step++) {
          labels[t][step] = tags[step];
        }
      } else {
        labels[t] = Float.isNaN(label) ? new float[0] : new float[] {label};
      }
    }
    return labels;
  }

  private double[] losses(Replica network, Block block) {
    double[] losses = new double[block.size()];
    for (int start = 0; start < losses.length; ) {
      int end = start + batcher.atOnce(block.examples(), start, atOnce);
      Replica.Judged judged = judge(network, block, start, end);
      for (int i = start; i < end; i++) {
        losses[i] = loss(judged, block, i, i - start);
      }
      start = end;
    }
    return losses;
  }

  /** The loss of an example over all of its labels that are there, by the targets' weights. */
  private double loss(Replica.Judged judged, Block block, int example, int row) {
    double sum = 0;
    for (int t = 0; t < judged.losses().length; t++) {
      if (!Float.isNaN(block.label(example, t))) {
        sum += lossWeights[t] * judged.losses()[t][row];
      }
    }
    return sum;
  }

  /** The tallies of some examples if the network were right about each. */
  List<Tally> perfect(Iterator<Block> blocks) {
    List<Tally> tallies = tallies();
    while (blocks.hasNext()) {
      Block block = blocks.next();
      for (int i = 0; i < block.size(); i++) {
        for (int t = 0; t < tallies.size(); t++) {
          Target target = batcher.targets().get(t);
          float label = block.label(i, t);
          if (tallies.get(t) instanceof TagTally tags) {
            int[] truth = batcher.indices(block.examples(), i, t);
            tags.add(truth, truth);
          } else if (tallies.get(t) instanceof SetTally sets && !Float.isNaN(label)) {
            int[] truth = batcher.indices(block.examples(), i, t);
            sets.add(truth, truth);
          } else if (!Float.isNaN(label)) {
            float[] outputs = new float[target.outputs()];
            target.write(label, outputs, 0);
            add(t, tallies.get(t), label, outputs, 0);
          }
        }
      }
    }
    return tallies;
  }

  private List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    for (int t = 0; t < tallied.size(); t++) {
      Target target = batcher.targets().get(t);
      tallies.add(
          switch (target.task()) {
            case REGRESSION -> new ErrorTally();
            case BINARY -> ClassTally.of(tallied.get(t), 2, target.positive());
            case MULTICLASS -> ClassTally.of(tallied.get(t), target.classCount(), -1);
            case MULTILABEL -> new SetTally(target.outputs());
            case TAGS -> new TagTally(target.outputs(), units.get(t).spans());
          });
    }
    return tallies;
  }

  private void validate(Replica network, Block block, int from, int to, Validation result) {
    Replica.Judged judged = judge(network, block, from, to);
    for (int i = 0; i < to - from; i++) {
      result.add(loss(judged, block, from + i, i));
      for (int t = 0; t < judged.outputs().length; t++) {
        float label = block.label(from + i, t);
        if (result.tallies().get(t) instanceof TagTally tags) {
          int each = judged.outputs()[t].length / (to - from);
          addTags(t, tags, block.examples(), from + i, judged.outputs()[t], i * each, each);
        } else if (result.tallies().get(t) instanceof SetTally sets && !Float.isNaN(label)) {
          int names = batcher.targets().get(t).outputs();
          sets.add(
              batcher.indices(block.examples(), from + i, t),
              SetPredictions.predicted(judged.outputs()[t], i * names, names));
        } else if (!Float.isNaN(label)) {
          int width = batcher.targets().get(t).outputs();
          add(t, result.tallies().get(t), label, judged.outputs()[t], i * width);
        }
      }
    }
  }

  /**
   * @param at where the outputs of the example begin, [tags, padded steps]
   * @param count how many they are
   */
  private void addTags(
      int target,
      TagTally tally,
      Examples examples,
      int example,
      float[] outputs,
      int at,
      int count) {
    int[] truth = batcher.indices(examples, example, target);
    int[] guesses = new int[Math.min(truth.length, batcher.taggedSteps(examples, example, target))];
    int room = count / batcher.targets().get(target).outputs();
    for (int step = 0; step < guesses.length; step++) {
      for (int tag = 1; tag < batcher.targets().get(target).outputs(); tag++) {
        if (outputs[at + tag * room + step] > outputs[at + guesses[step] * room + step]) {
          guesses[step] = tag;
        }
      }
    }
    tally.add(truth, guesses);
  }

  private Replica.Judged judge(Replica network, Block block, int from, int to) {
    Batch batch = batcher.batch(to - from);
    batcher.fill(batch, block.examples(), block.labels(), from, to);
    MultiDataSet arrays = batch.arrays();
    try {
      return network.judge(arrays);
    } finally {
      batch.close(arrays);
    }
  }

  private void add(int target, Tally tally, float label, float[] outputs, int at) {
    if (tally instanceof ClassTally classes) {
      classes.add((int) label, mostLikely(batcher.targets().get(target), outputs, at), outputs[at]);
    } else if (tally instanceof ErrorTally numbers) {
      LabelUnits own = units.get(target);
      numbers.add(own.unscaled(label), own.unscaled(outputs[at]));
    }
  }

  /** The class that scoring would name: of equally likely ones the first. */
  private static int mostLikely(Target target, float[] outputs, int at) {
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
