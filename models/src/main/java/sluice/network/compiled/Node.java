package sluice.network.compiled;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;

/** A part of a network as Deeplearning4j has it, at its place. */
sealed interface Node {
  /** Its own in the network. */
  String name();

  /** The names of those that it reads. */
  List<String> inputs();

  /**
   * A layer.
   *
   * @param preProcessor what stands before the layer; null for nothing
   */
  record OfLayer(
      String name, List<String> inputs, Layer layer, @Nullable InputPreProcessor preProcessor)
      implements Node {
    public OfLayer {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * A vertex of a graph that is no layer.
   *
   * @param settings of the vertex
   */
  record OfVertex(
      String name,
      List<String> inputs,
      GraphVertex vertex,
      org.deeplearning4j.nn.conf.graph.GraphVertex settings)
      implements Node {
    public OfVertex {
      inputs = List.copyOf(inputs);
    }
  }
}
