package sluice.training;

import java.io.Serializable;
import java.util.Iterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import sluice.network.FloatArrays;
import sluice.network.InputLayout;
import sluice.network.Network;
import sluice.network.Target;

/** Losses and hits of a network on examples that it does not train on. */
final class Validator implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int AT_ONCE = 1024;

  private final InputLayout layout;
  private final Target target;

  Validator(InputLayout layout, Target target) {
    this.layout = layout;
    this.target = target;
  }

  /** The losses of some examples at these parameters, without penalties, and the hits. */
  Validation validate(Network network, Iterator<Block> blocks, float[] parameters) {
    network.setParameters(parameters);
    Validation result = new Validation();
    while (blocks.hasNext()) {
      Block block = blocks.next();
      for (int start = 0; start < block.size(); start += AT_ONCE) {
        validate(network, block, start, Math.min(block.size(), start + AT_ONCE), result);
      }
    }
    return result;
  }

  private void validate(Network network, Block block, int from, int to, Validation result) {
    int size = to - from;
    float[] inputs = new float[size * layout.width()];
    float[] outputs = new float[size * target.outputs()];
    for (int i = 0; i < size; i++) {
      layout.write(block.numbers(), block.indices(), from + i, inputs, i * layout.width());
      target.write(block.label(from + i), outputs, i * target.outputs());
    }
    try (INDArray features = FloatArrays.create(inputs, size, layout.width());
        INDArray labels = FloatArrays.create(outputs, size, target.outputs())) {
      float[] losses = FloatArrays.copy(network.scoreExamples(new DataSet(features, labels)));
      float[] predicted = FloatArrays.copy(network.output(features));
      for (int i = 0; i < size; i++) {
        result.add(losses[i], hit(predicted, i, (int) block.label(from + i)));
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
}
