package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.network.Target;
import sluice.network.UncertaintyOutputLayer;

/** What the specifications of networks have in common. */
final class OutputLayers {
  private OutputLayers() {}

  /**
   * The last layer, with one output a class or name, or one.
   *
   * @throws InvalidInput (configuration) if the target cannot have such a loss
   */
  static OutputLayer.Builder output(Target target, Loss loss) {
    requireFit(target, loss);
    return new OutputLayer.Builder(loss.function(target.task()))
        .activation(
            switch (target.task()) {
              case BINARY, MULTILABEL -> Activation.SIGMOID;
              case MULTICLASS -> Activation.SOFTMAX;
              case REGRESSION -> Activation.IDENTITY;
              case TAGS ->
                  throw InvalidInput.configuration(
                      "model must be auto or network for a label of tags, as " + target.name());
            })
        .nOut(target.outputs());
  }

  /**
   * The last layer of a target of tags, with one output a tag at each step.
   *
   * @throws InvalidInput (configuration) if the target cannot have such a loss
   */
  static RnnOutputLayer ofSteps(Target target, Loss loss) {
    requireFit(target, loss);
    return new RnnOutputLayer.Builder(loss.function(target.task()))
        .activation(Activation.SOFTMAX)
        .nOut(target.outputs())
        .build();
  }

  private static void requireFit(Target target, Loss loss) {
    Loss.misfit(loss, target.task())
        .ifPresent(
            problem -> {
              throw InvalidInput.configuration(problem);
            });
  }

  /** The last layer of a target whose loss is weighted like this. */
  static OutputLayer output(Target target, Loss loss, Weighting weighting) {
    OutputLayer.Builder layer = output(target, loss);
    return switch (weighting) {
      case FIXED -> layer.build();
      case UNCERTAINTY ->
          new UncertaintyOutputLayer(
              layer,
              target.task() == Task.REGRESSION
                  ? UncertaintyOutputLayer.OF_NUMBERS
                  : UncertaintyOutputLayer.OF_CLASSES);
    };
  }

  /** Deeper networks are none that train, and take memory for each layer. */
  static void checkDepth(String name, List<Integer> sizes, int most) {
    if (sizes.size() > most) {
      throw InvalidInput.configuration(
          "%s must hold at most %,d numbers, got %,d".formatted(name, most, sizes.size()));
    }
  }

  static void checkPenalties(double dropout, double l2) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw InvalidInput.configuration("dropout must be at least 0 and below 1, got " + dropout);
    }
    if (!(l2 >= 0 && l2 < Double.POSITIVE_INFINITY)) {
      throw InvalidInput.configuration("l2 must be at least 0, got " + l2);
    }
  }
}
