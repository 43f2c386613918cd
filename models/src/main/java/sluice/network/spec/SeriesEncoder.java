package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import sluice.features.TensorSpec;

/** An encoder that gives a vector for each step of a series, and one of all of them. */
public interface SeriesEncoder extends Encoder {

  /**
   * Adds the layers that give a vector for each step.
   *
   * @param prefix as for the inputs
   * @param groups as for the inputs
   * @return the name of the vertex that gives the vectors
   */
  String addSteps(GraphBuilder graph, String prefix, List<TensorSpec> groups);

  /**
   * Adds the layers that make one vector of those of the steps.
   *
   * @param steps the vertex that gives them
   * @return the name of the vertex that gives the vector
   */
  String addPooling(GraphBuilder graph, String prefix, String steps);

  @Override
  default String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    return addPooling(graph, prefix, addSteps(graph, prefix, groups));
  }
}
