package sluice.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sluice.data.Task;

/**
 * Makes minibatches of compact examples: one array for each input of the network and one for each
 * target, examples first, and a mask over the steps of each input that is a series.
 *
 * <p>A label that is missing is NaN. Its target then counts for nothing in the loss of the example,
 * which the other targets still learn from. Of tags and sets the label is how many there are; they
 * stand among the values of the example. Steps that are not read have none.
 */
public final class Batcher implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Numbers of an array where the number of examples does not matter: 256 MiB. */
  private static final int MOST_NUMBERS = 1 << 26;

  /** Steps of series, likewise: each has its place in every layer. */
  private static final int MOST_STEPS = 1 << 13;

  private final ExampleLayout layout;
  private final List<NetworkInput> inputs;
  private final List<Target> targets;
  private final double[] lossWeights;

  /** For each target the input whose steps it tags; -1 of none. */
  private final int[] tagged;

  /** For each target what an example of each class counts for; empty for one each. */
  private final float[][] classWeights;

  /**
   * @param layout of the examples
   * @param inputs of the network, in its order
   * @param targets of the network, in its order
   * @param lossWeights what a loss of each target counts for in the sum
   */
  public Batcher(
      ExampleLayout layout, List<NetworkInput> inputs, List<Target> targets, double[] lossWeights) {
    this(layout, inputs, targets, lossWeights, new float[targets.size()][0]);
  }

  private Batcher(
      ExampleLayout layout,
      List<NetworkInput> inputs,
      List<Target> targets,
      double[] lossWeights,
      float[][] classWeights) {
    this.layout = layout;
    this.inputs = List.copyOf(inputs);
    this.targets = List.copyOf(targets);
    this.lossWeights = lossWeights.clone();
    this.classWeights = classWeights;
    this.tagged = targets.stream().mapToInt(this::tagged).toArray();
  }

  private int tagged(Target target) {
    for (int i = 0; target.isOfSteps() && i < inputs.size(); i++) {
      if (inputs.get(i).isSeries()
          && layout.name(inputs.get(i).group()).equals(target.tagged().of())) {
        return i;
      }
    }
    if (target.isOfSteps()) {
      throw new IllegalStateException("nothing reads the series that " + target + " tags");
    }
    return -1;
  }

  /**
   * The same minibatches, in which the classes count for this much.
   *
   * @param weights for each target what an example of each class counts for; empty for one each
   */
  public Batcher weighing(float[][] weights) {
    return new Batcher(layout, inputs, targets, lossWeights, weights);
  }

  /** The same minibatches, in which every loss counts for one. */
  public Batcher unweighted() {
    double[] ones = new double[targets.size()];
    Arrays.fill(ones, 1);
    return new Batcher(layout, inputs, targets, ones);
  }

  public ExampleLayout layout() {
    return layout;
  }

  public List<NetworkInput> inputs() {
    return inputs;
  }

  public List<Target> targets() {
    return targets;
  }

  /** What a loss of each target counts for in the sum over all. */
  public double[] lossWeights() {
    return lossWeights.clone();
  }

  private boolean isWeighted() {
    return targets.size() > 1
        || targets.get(0).isOfSteps()
        || lossWeights[0] != 1
        || Arrays.stream(classWeights).anyMatch(weights -> weights.length > 0);
  }

  /** An empty minibatch with room for so many examples. */
  public Batch batch(int examples) {
    return new Batch(
        examples,
        inputs,
        targets.stream().mapToInt(Target::outputs).toArray(),
        tagged,
        isWeighted());
  }

  /**
   * How many examples are made arrays of at a time where their number does not matter: fewer of
   * wide ones, so that no array is too long, fewer of long ones, and at least one. All have the
   * series whose steps are tagged padded alike, so that the outputs of each are as long.
   *
   * @param examples in the order in which arrays are made of them
   * @param from the first of them
   * @param most of them at a time
   */
  public int atOnce(Examples examples, int from, int most) {
    return atOnce(examples, IntStream.range(from, examples.size()).toArray(), 0, most);
  }

  /** {@link #atOnce(Examples, int, int)} of examples at these positions, from one of them on. */
  int atOnce(Examples examples, int[] positions, int from, int most) {
    int count = Math.min(most, positions.length - from);
    int longest = 0;
    for (NetworkInput input : inputs) {
      if (!input.isSeries()) {
        count = Math.min(count, Math.max(1, MOST_NUMBERS / Math.max(1, input.width())));
      }
    }
    for (int i = 0; layout.series() > 0 && i < count; i++) {
      for (NetworkInput input : inputs) {
        longest = Math.max(longest, input.steps(examples, positions[from + i]));
      }
      if (i > 0
          && ((i + 1) * StepLengths.padded(longest) > MOST_STEPS
              || !areTaggedAlike(examples, positions[from], positions[from + i]))) {
        return i;
      }
    }
    return Math.max(1, count);
  }

  private boolean areTaggedAlike(Examples examples, int one, int other) {
    for (int input : tagged) {
      if (input >= 0
          && StepLengths.padded(inputs.get(input).steps(examples, one))
              != StepLengths.padded(inputs.get(input).steps(examples, other))) {
        return false;
      }
    }
    return true;
  }

  /** How many steps of an example a target tags: those that the network reads. */
  public int taggedSteps(Examples examples, int example, int target) {
    return inputs.get(tagged[target]).steps(examples, example);
  }

  /** The tags of an example, those of steps that are not read, too; or the names of its set. */
  public int[] indices(Examples examples, int example, int target) {
    return examples.indices(example, layout.label(target));
  }

  /** The positions of the examples, those of short series first, so that little is padded. */
  int[] byLength(Examples examples) {
    IntStream positions = IntStream.range(0, examples.size());
    if (layout.series() == 0) {
      return positions.toArray();
    }
    return positions
        .boxed()
        .sorted(
            Comparator.comparingInt(
                example ->
                    inputs.stream()
                        .mapToInt(input -> input.steps(examples, example))
                        .max()
                        .orElse(0)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * What the inputs read of some examples.
   *
   * @param positions of these among the examples
   */
  public InputArrays inputs(Examples examples, int... positions) {
    InputArrays arrays = InputArrays.zeros(inputs, positions.length, steps(examples, positions));
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < inputs.size(); i++) {
        arrays.write(i, inputs.get(i), examples, positions[row], row);
      }
    }
    return arrays;
  }

  /** The steps that the series of each input are padded to. */
  private int[] steps(Examples examples, int[] positions) {
    int[] steps = new int[inputs.size()];
    for (int i = 0; i < steps.length; i++) {
      NetworkInput input = inputs.get(i);
      if (input.isSeries()) {
        int longest = 0;
        for (int example : positions) {
          longest = Math.max(longest, input.steps(examples, example));
        }
        steps[i] = StepLengths.padded(longest);
      }
    }
    return steps;
  }

  /**
   * Makes a minibatch of some examples, whose series are padded to a length that the longest of
   * them decides.
   *
   * @param labels of all examples, one a target
   * @param from the first of them
   * @param to behind the last
   * @param batch overwritten
   */
  public void fill(Batch batch, Examples examples, float[] labels, int from, int to) {
    batch.begin(to - from, steps(examples, IntStream.range(from, to).toArray()));
    for (int example = from; example < to; example++) {
      int row = example - from;
      for (int i = 0; i < inputs.size(); i++) {
        batch.inputs.write(i, inputs.get(i), examples, example, row);
      }
      writeLabels(examples, labels, example, batch, row);
    }
  }

  private void writeTags(int[] tags, int read, Batch batch, int t, int row) {
    int room = batch.steps(t);
    for (int step = 0; step < Math.min(tags.length, read); step++) {
      int tag = tags[step];
      batch.targets[t][(row * targets.get(t).outputs() + tag) * room + step] = 1;
      batch.weights[t][row * room + step] = weight(t, tag);
    }
  }

  /** What the loss of a class or a tag counts for. */
  private float weight(int t, int of) {
    return (float) lossWeights[t] * (classWeights[t].length == 0 ? 1 : classWeights[t][of]);
  }

  private void writeLabels(Examples examples, float[] labels, int example, Batch batch, int row) {
    for (int t = 0; t < targets.size(); t++) {
      float label = labels[example * targets.size() + t];
      if (Float.isNaN(label)) {
        continue;
      }
      Target target = targets.get(t);
      if (target.isOfSteps()) {
        writeTags(indices(examples, example, t), taggedSteps(examples, example, t), batch, t, row);
        continue;
      }
      int at = row * target.outputs();
      boolean isSet = target.task() == Task.MULTILABEL;
      if (isSet) {
        target.write(indices(examples, example, t), batch.targets[t], at);
      } else {
        target.write(label, batch.targets[t], at);
      }
      if (batch.weights.length > 0) {
        batch.weights[t][row] = isSet ? (float) lossWeights[t] : weight(t, (int) label);
      }
    }
  }
}
