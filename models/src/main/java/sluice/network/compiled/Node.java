package sluice.network.compiled;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;

/**
 * A vertex of a network as Deeplearning4j has it.
 *
 * @param name its own in the network
 * @param inputs the names of those that it reads
 * @param layer null if it is a vertex without a layer
 * @param preProcessor what stands before the layer; null for nothing
 * @param vertex null in a network of layers one behind the other
 */
record Node(
    String name,
    List<String> inputs,
    @Nullable Layer layer,
    @Nullable InputPreProcessor preProcessor,
    @Nullable GraphVertex vertex) {
  Node {
    inputs = List.copyOf(inputs);
  }
}
