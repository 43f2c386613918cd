package sluice.network;

import org.deeplearning4j.nn.api.Layer;

/** The counters that schedules and Adam's correction go by, as layers have them. */
final class LayerCounters {
  private LayerCounters() {}

  /** Deeplearning4j hands its counters to the layers after a step only, too late for the first. */
  static void set(Layer[] layers, int iteration, int epoch) {
    for (Layer layer : layers) {
      layer.setIterationCount(iteration);
      layer.setEpochCount(epoch);
    }
  }
}
