package sluice.network;

import java.util.Arrays;
import java.util.List;
import sluice.data.Task;

/**
 * A network that predicts. An example's predictions depend on the example alone, to the bit.
 *
 * <p>Not thread-safe.
 */
public final class Predictor {
  /** Examples at a time, at most: whole blocks of rows with either library of products. */
  private static final int MOST = 240;

  private final Batcher batcher;
  private final Inference inference;

  /**
   * @param inference of the network
   * @param batcher of its minibatches
   */
  public Predictor(Inference inference, Batcher batcher) {
    this.inference = inference;
    this.batcher = batcher;
  }

  /**
   * The outputs for many examples that have no series.
   *
   * @param numbers the examples' numbers, one example behind the other
   * @param indices the examples' indices, likewise
   * @param examples how many there are
   */
  public float[][][] predict(float[] numbers, int[] indices, int examples) {
    return predict(Examples.of(batcher.layout(), numbers, indices, examples));
  }

  /**
   * The outputs for many examples.
   *
   * @return per target and example the probability of each class or name in the label's order, or
   *     the one number; of tags the probability of each at the first step that is read, then at the
   *     next
   */
  public float[][][] predict(Examples examples) {
    ProcessMemory.check();
    List<Target> targets = batcher.targets();
    float[][][] predictions = new float[targets.size()][examples.size()][];
    int[] order = batcher.byLength(examples);
    for (int start = 0; start < order.length; ) {
      int count = batcher.atOnce(examples, order, start, MOST);
      int[] some = Arrays.copyOfRange(order, start, start + count);
      InputArrays arrays = batcher.inputs(examples, some);
      float[][] outputs = inference.outputs(arrays.inputs(), arrays.masks(), count);
      for (int t = 0; t < outputs.length; t++) {
        for (int i = 0; i < count; i++) {
          predictions[t][some[i]] =
              targets.get(t).isOfSteps()
                  ? ofSteps(
                      targets.get(t).outputs(),
                      batcher.taggedSteps(examples, some[i], t),
                      Arrays.copyOfRange(
                          outputs[t],
                          i * (outputs[t].length / count),
                          (i + 1) * (outputs[t].length / count)))
                  : prediction(targets.get(t), outputs[t], i);
        }
      }
      start += count;
    }
    return predictions;
  }

  /** From [tags, padded steps] to [steps, tags]. */
  private static float[] ofSteps(int tags, int steps, float[] outputs) {
    int room = outputs.length / tags;
    float[] ofSteps = new float[steps * tags];
    for (int step = 0; step < steps; step++) {
      for (int tag = 0; tag < tags; tag++) {
        ofSteps[step * tags + tag] = outputs[tag * room + step];
      }
    }
    return ofSteps;
  }

  private static float[] prediction(Target target, float[] outputs, int row) {
    if (target.task() == Task.BINARY) {
      float positive = outputs[row];
      float[] both = new float[2];
      both[target.positive()] = positive;
      both[1 - target.positive()] = 1 - positive;
      return both;
    }
    int width = target.outputs();
    return Arrays.copyOfRange(outputs, row * width, (row + 1) * width);
  }
}
