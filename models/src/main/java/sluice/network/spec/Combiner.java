package sluice.network.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import sluice.data.NamedTypes;

/** What makes one vector of those of all encoders. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Combiner.Names.class)
public interface Combiner {
  /** The combiners by the name that the configuration gives them. */
  NamedTypes<Combiner> TYPES =
      NamedTypes.of(Combiner.class).with("concat", Concatenation.class).withExtensions();

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    /** For Jackson. */
    public Names() {
      super(TYPES);
    }
  }

  /**
   * Adds layers to a graph.
   *
   * @param prefix of their names
   * @param encoded the vertices that give the encoders' vectors, at least one
   * @return the name of the vertex that gives the one vector
   */
  String addTo(GraphBuilder graph, String prefix, List<String> encoded);
}
