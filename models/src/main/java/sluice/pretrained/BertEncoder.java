package sluice.pretrained;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Natives;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.spec.Encoder;
import sluice.network.spec.SequenceTransformerEncoder;

/**
 * A BERT encoder with its weights (Devlin et al. 2018): what a network of Sluice's own layers takes
 * over, to make vectors of texts or to be trained further.
 */
public final class BertEncoder {
  /** The file of a folder that holds the weights. */
  public static final String MODEL = "model.onnx";

  private static final String TEXT = "text";
  private static final String VECTOR = "vector";

  private final BertSizes sizes;
  private final BertWeights weights;

  BertEncoder(BertSizes sizes, BertWeights weights) {
    this.sizes = sizes;
    this.weights = weights;
  }

  /**
   * Reads an encoder.
   *
   * @param folder with {@value #MODEL}, and {@code config.json} where the graph does not tell the
   *     number of heads
   * @throws InvalidInput (data) if there is none, it is too large for the heap or no BERT encoder;
   *     the message has all that is missing
   */
  public static BertEncoder read(Path folder) {
    Path file = folder.resolve(MODEL);
    return new BertReader(OnnxReader.read(file), BertConfig.read(folder), file.toString())
        .encoder();
  }

  public BertSizes sizes() {
    return sizes;
  }

  /**
   * What asks for such an encoder in a network, which reads as many steps as there are positions.
   *
   * @param dropout of a training step, of attention and within blocks
   */
  SequenceTransformerEncoder encoder(SeriesPooling.Kind pooling, double dropout) {
    return new SequenceTransformerEncoder(
        sizes.width(),
        sizes.heads(),
        sizes.layers(),
        sizes.hidden(),
        SequenceTransformerEncoder.Positions.LEARNT,
        TransformerBlock.Norm.POST,
        pooling,
        sizes.positions(),
        dropout,
        dropout,
        true,
        sizes.segments(),
        TransformerBlock.Gelu.ERF,
        sizes.epsilon());
  }

  /**
   * A network that reads the indices of a text's tokens, [texts, 1, steps], and gives a vector for
   * each text, [texts, width].
   */
  public ComputationGraph network(Pooling pooling) {
    ComputationGraphConfiguration configuration = configuration(pooling);
    ComputationGraph network = new ComputationGraph(configuration);
    long count =
        configuration.getVertices().values().stream()
            .mapToLong(vertex -> vertex.numParams(false))
            .sum();
    network.init(Nd4j.create(DataType.FLOAT, 1, count), false);
    writeTo(network, "");
    return network;
  }

  private ComputationGraphConfiguration configuration(Pooling pooling) {
    Natives.load();
    List<TensorSpec> groups =
        List.of(
            TensorSpec.of(
                TEXT,
                Element.INDEX,
                List.of(-1),
                List.of(),
                List.of(sizes.vocabulary()),
                List.of(List.of())));
    SequenceTransformerEncoder encoder = encoder(pooling.kind(), 0);
    GraphBuilder graph = new NeuralNetConfiguration.Builder().updater(new NoOp()).graphBuilder();
    List<Encoder.Input> inputs = encoder.inputs("", groups, new ExampleLayout(groups));
    graph.addInputs(inputs.stream().map(input -> input.values().name()).toList());
    graph.setInputTypes(inputs.stream().map(Encoder.Input::type).toArray(InputType[]::new));
    String pooled = encoder.addTo(graph, "", groups);
    graph.addLayer(
        VECTOR,
        new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
        pooled);
    return graph.setOutputs(VECTOR).build();
  }

  /**
   * Lays the weights into a network that has this encoder.
   *
   * @param prefix of the names of its layers
   */
  void writeTo(ComputationGraph network, String prefix) {
    new BertLayers(weights, prefix).writeTo(network);
  }
}
