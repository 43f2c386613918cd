package sluice.network.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;

/** What makes one vector of some feature groups of an example: layers at the beginning. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Encoder.Names.class)
public interface Encoder {
  /** The encoders of bundles, by the name that the configuration gives them. */
  NamedTypes<Encoder> TYPES =
      NamedTypes.of(Encoder.class)
          .with("mlp", MlpEncoder.class)
          .with("lenet", LeNetEncoder.class)
          .with("resnet", ResNetEncoder.class)
          .with("transformer", TransformerEncoder.class)
          .with("sequence-transformer", SequenceTransformerEncoder.class)
          .with("bag", BagEncoder.class)
          .with("textcnn", TextCnnEncoder.class)
          .with("recurrent", RecurrentEncoder.class)
          .withExtensions();

  /** Those of configurations, which may leave one to what {@code train.adapt.from} names. */
  NamedTypes<Encoder> CONFIGURED = TYPES.with(PretrainedEncoder.TYPE, PretrainedEncoder.class);

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
   * Whether it may be the encoder of a series; {@link #inputs} tells for sure.
   *
   * @param of what the steps of the series are
   */
  default boolean readsSeries(Element of) {
    return of != Element.WEIGHTED_INDEX;
  }

  /**
   * The inputs that the encoder reads.
   *
   * @param prefix of the names of its inputs and layers
   * @param groups that it encodes, at least one
   * @param layout of the examples
   * @throws InvalidInput (configuration) if it encodes no such groups
   */
  List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout);

  /**
   * Adds the layers to a graph that has the inputs.
   *
   * @param prefix as for the inputs
   * @param groups as for the inputs
   * @return the name of the vertex that gives the vector
   */
  String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups);
}
