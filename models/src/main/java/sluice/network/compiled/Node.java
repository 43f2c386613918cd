package sluice.network.compiled;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a network as Deeplearning4j has it, at its place.
 *
 * @param name its own in the network
 * @param inputs the names of those that it reads
 * @param preProcessor what stands before the layer; null for nothing
 */
record Node(
    String name, List<String> inputs, Layer layer, @Nullable InputPreProcessor preProcessor) {
  Node {
    inputs = List.copyOf(inputs);
  }
}
