package sluice.network.spec;

import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.data.Task;

/** What training makes small, besides the penalties on the weights. */
public enum Loss {
  /** Cross-entropy for classes, the mean squared error for numbers. */
  AUTO,
  /** The negative log-likelihood of the true class, in nats. */
  CROSS_ENTROPY,
  MEAN_SQUARED_ERROR,
  MEAN_ABSOLUTE_ERROR;

  ILossFunction function(Task task) {
    Loss chosen =
        this != AUTO ? this : task == Task.REGRESSION ? MEAN_SQUARED_ERROR : CROSS_ENTROPY;
    return switch (chosen) {
      case MEAN_SQUARED_ERROR -> new LossMSE();
      case MEAN_ABSOLUTE_ERROR -> new LossMAE();
      default -> {
        if (task == Task.REGRESSION) {
          throw InvalidInput.configuration(
              "model.loss cross-entropy needs a label of classes, got a number");
        }
        yield task == Task.BINARY ? new LossBinaryXENT() : new LossMCXENT();
      }
    };
  }
}
