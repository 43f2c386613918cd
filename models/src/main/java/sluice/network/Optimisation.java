package sluice.network;

import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import sluice.network.LearningRateSchedule.Constant;

/**
 * How gradients change a network's parameters over a training.
 *
 * @param updater with a learning rate
 * @param clipping what keeps gradients from exploding
 * @param schedule how the learning rate goes
 * @param steps the most that the training may take, at least 1: what the schedule goes over
 */
public record Optimisation(
    UpdaterSpec updater, GradientClipping clipping, LearningRateSchedule schedule, long steps) {

  /** At a constant learning rate, however many steps there are. */
  public static Optimisation constant(UpdaterSpec updater, GradientClipping clipping) {
    return new Optimisation(updater, clipping, new Constant(), 1);
  }

  /** Sets updater and clipping in a configuration. */
  public void apply(NeuralNetConfiguration.Builder training) {
    training.updater(scheduled());
    clipping.apply(training);
  }

  /**
   * Sets the decay of the weights in a network that was made with {@link #apply}. Of its builder
   * Deeplearning4j 1.0.0-M2.1 takes a decay twice, and also for layers that say they have none.
   */
  public void decay(Network network) {
    if (updater.weightDecay() > 0) {
      for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
        decay(layer.conf().getLayer(), new WeightDecay(updater.weightDecay(), true));
      }
    }
  }

  private static void decay(Layer layer, WeightDecay decay) {
    forEach(
        layer,
        base -> {
          if (!(base instanceof EmbeddingLayer) && !(base instanceof EmbeddingSequenceLayer)) {
            // Of this project's own layers the roles of their arrays say what is a weight.
            base.setRegularization(List.of(decay));
          }
        });
  }

  /** Each layer with weights in what may be wrapped around them. */
  private static void forEach(Layer layer, Consumer<BaseLayer> action) {
    if (layer instanceof Bidirectional both) {
      forEach(both.getFwd(), action);
      forEach(both.getBwd(), action);
    } else if (layer instanceof BaseWrapperLayer outer) {
      forEach(outer.getUnderlying(), action);
    } else if (layer instanceof BaseLayer base) {
      action.accept(base);
    }
  }

  /**
   * Multiplies the learning rate of a layer, and so its weight decay, by a factor. One that does
   * not learn stays so.
   */
  public void scaleRate(Layer layer, double factor) {
    forEach(
        layer,
        base -> {
          if (base.getIUpdater().hasLearningRate()) {
            base.setIUpdater(scheduled(factor));
          }
        });
  }

  /** The updater, which asks the schedule for its rate at each step. */
  IUpdater scheduled() {
    return scheduled(1);
  }

  private IUpdater scheduled(double factor) {
    IUpdater made = updater.updater();
    double rate = factor * made.getLearningRate(0, 0);
    made.setLrAndSchedule(
        rate, schedule instanceof Constant ? null : new ScheduledRate(rate, steps, schedule));
    return made;
  }
}
