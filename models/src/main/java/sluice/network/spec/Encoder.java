package sluice.network.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.normalise.FeatureGroup;

/** What makes one vector of some feature groups of an example: layers at the beginning. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Encoder.Names.class)
public interface Encoder {
  /** The encoders by the name that the configuration gives them. */
  NamedTypes<Encoder> TYPES =
      NamedTypes.of(Encoder.class)
          .with("mlp", MlpEncoder.class)
          .with("lenet", LeNetEncoder.class)
          .with("resnet", ResNetEncoder.class)
          .with("transformer", TransformerEncoder.class)
          .with("sequence-transformer", SequenceTransformerEncoder.class)
          .with("textcnn", TextCnnEncoder.class)
          .with("recurrent", RecurrentEncoder.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    /** For Jackson. */
    public Names() {
      super(TYPES);
    }
  }

  /**
   * An input that the encoder reads.
   *
   * @param values of an example
   * @param type what the layers take them for
   */
  record Input(NetworkInput values, InputType type) {}

  /**
   * The inputs that the encoder reads.
   *
   * @param prefix of the names of its inputs and layers
   * @param groups that it encodes, at least one
   * @param layout of the examples
   * @throws InvalidInput (configuration) if it encodes no such groups
   */
  List<Input> inputs(String prefix, List<FeatureGroup> groups, ExampleLayout layout);

  /**
   * Adds the layers to a graph that has the inputs.
   *
   * @param prefix as for the inputs
   * @param groups as for the inputs
   * @return the name of the vertex that gives the vector
   */
  String addTo(GraphBuilder graph, String prefix, List<FeatureGroup> groups);
}
