package sluice.pretrained;

import static java.util.Objects.requireNonNull;
import static sluice.network.spec.SequenceTransformerEncoder.block;
import static sluice.network.spec.SequenceTransformerEncoder.tokens;
import static sluice.network.spec.SequenceTransformerEncoder.tokensNorm;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.FloatArrays;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;
import sluice.pretrained.BertWeights.Connected;
import sluice.pretrained.BertWeights.Layer;
import sluice.pretrained.BertWeights.Norm;

/**
 * Lays the weights of BERT into the layers of a network that has its encoder.
 *
 * @param prefix of the names of the encoder's layers
 */
record BertLayers(BertWeights weights, String prefix) {
  void writeTo(ComputationGraph network) {
    String tokens = tokens(prefix);
    write(network, tokens, SeriesTokens.VECTORS, weights.words());
    write(network, tokens, SeriesTokens.POSITIONS, weights.positions());
    write(network, tokens, SeriesTokens.SEGMENTS, weights.segments());
    write(network, tokensNorm(prefix), LayerNorm.GAIN, LayerNorm.BIAS, weights.tokensNorm());
    for (int i = 0; i < weights.layers().size(); i++) {
      write(network, block(prefix, i + 1), weights.layers().get(i));
    }
  }

  private static void write(ComputationGraph network, String block, Layer layer) {
    List<String> attention = SelfAttention.parameterNames();
    Connected projections = sideBySide(layer.queries(), layer.keys(), layer.values());
    write(network, block, attention.get(0), attention.get(1), projections);
    write(network, block, attention.get(2), attention.get(3), layer.attended());
    write(
        network,
        block,
        TransformerBlock.ATTENTION_GAIN,
        TransformerBlock.ATTENTION_BIAS,
        layer.attendedNorm());
    write(network, block, TransformerBlock.HIDDEN, TransformerBlock.HIDDEN_BIASES, layer.hidden());
    write(network, block, TransformerBlock.BACK, TransformerBlock.BACK_BIASES, layer.back());
    write(
        network,
        block,
        TransformerBlock.HIDDEN_GAIN,
        TransformerBlock.HIDDEN_BIAS,
        layer.backNorm());
  }

  /** One layer that gives what all of them give. */
  private static Connected sideBySide(Connected... layers) {
    int out = layers[0].biases().length;
    int in = layers[0].matrix().length / out;
    float[] matrix = new float[layers.length * in * out];
    float[] biases = new float[layers.length * out];
    for (int i = 0; i < layers.length; i++) {
      System.arraycopy(layers[i].biases(), 0, biases, i * out, out);
      for (int row = 0; row < in; row++) {
        System.arraycopy(
            layers[i].matrix(), row * out, matrix, (row * layers.length + i) * out, out);
      }
    }
    return new Connected(matrix, biases);
  }

  private static void write(
      ComputationGraph network, String layer, String matrix, String biases, Connected connected) {
    write(network, layer, matrix, connected.matrix());
    write(network, layer, biases, connected.biases());
  }

  private static void write(
      ComputationGraph network, String layer, String gain, String bias, Norm norm) {
    write(network, layer, gain, norm.gain());
    write(network, layer, bias, norm.bias());
  }

  /** Overwrites a parameter, of positions those that it has. */
  private static void write(ComputationGraph network, String layer, String name, float[] numbers) {
    INDArray view = requireNonNull(network.getLayer(layer).getParam(name));
    float[] own = Arrays.copyOf(numbers, Math.toIntExact(view.length()));
    try (INDArray rows = FloatArrays.create(own, view.shape())) {
      view.assign(rows);
    }
  }
}
