package sluice.network;

import java.util.Map;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * An updater of Adam's kind whose averages began as zeros at a later step than the training: their
 * bias correction (Kingma and Ba 2015, section 3) counts from there, the learning rate's schedule
 * from the first step. To Deeplearning4j both are one count.
 */
public final class RestartedUpdater implements GradientUpdater<IUpdater> {
  private final IUpdater updater;
  private final int start;
  private final GradientUpdater<?> restarted;

  private RestartedUpdater(IUpdater updater, int start, INDArray state) {
    this.updater = updater;
    this.start = start;
    IUpdater own = updater.clone();
    own.setLrAndSchedule(updater.getLearningRate(start, 0), new Later(updater, start));
    restarted = own.instantiate(state, false);
  }

  /** The learning rate at the training's steps. */
  private record Later(IUpdater updater, int start) implements ISchedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double valueAt(int iteration, int epoch) {
      return updater.getLearningRate(iteration + start, epoch);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod") // it cannot be changed
    public ISchedule clone() {
      return this;
    }
  }

  /**
   * Sets at which iteration the state of a network's updaters began as zeros.
   *
   * @param updaters of the network, whose state stays as it is
   */
  public static void set(BaseMultiLayerUpdater<?> updaters, int start) {
    for (UpdaterBlock block : updaters.getUpdaterBlocks()) {
      GradientUpdater<?> now = block.getGradientUpdater();
      IUpdater updater = now.getConfig();
      int before = now instanceof RestartedUpdater later ? later.start : 0;
      if (corrects(updater) && start != before) {
        block.setGradientUpdater(
            start == 0
                ? updater.instantiate(block.getUpdaterView(), false)
                : new RestartedUpdater(updater, start, block.getUpdaterView()));
      }
    }
  }

  private static boolean corrects(IUpdater updater) {
    return updater instanceof Adam
        || updater instanceof AdaBelief
        || updater instanceof AdaMax
        || updater instanceof AMSGrad
        || updater instanceof Nadam;
  }

  @Override
  public IUpdater getConfig() {
    return updater;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialise) {
    restarted.setState(state, initialise);
  }

  @Override
  public Map<String, INDArray> getState() {
    return restarted.getState();
  }

  @Override
  public void setStateViewArray(INDArray state, long[] shape, char order, boolean initialise) {
    restarted.setStateViewArray(state, shape, order, initialise);
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    restarted.applyUpdater(gradient, iteration - start, epoch);
  }
}
