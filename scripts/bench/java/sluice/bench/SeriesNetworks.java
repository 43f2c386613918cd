package sluice.bench;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.Network;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;

/** Networks over series of 64 steps, as torch_steps.py has them too. */
final class SeriesNetworks {
  static final int STEPS = 64;
  static final int VOCABULARY = 8192;
  static final int FEATURES = 128;

  private static final int CLASSES = 10;

  private SeriesNetworks() {}

  private static GraphBuilder graph(long features) {
    return new NeuralNetConfiguration.Builder()
        .seed(Ours.SEED)
        .updater(new Adam(0.001))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.recurrent(features, STEPS));
  }

  private static Network ending(GraphBuilder graph, String last) {
    return Network.of(
        graph
            .addLayer(
                "out",
                new OutputLayer.Builder(new LossMCXENT())
                    .activation(Activation.SOFTMAX)
                    .nOut(CLASSES)
                    .build(),
                last)
            .setOutputs("out")
            .build());
  }

  /** Kim 2014 over indices: 100 filters of each width 3, 4 and 5. */
  static Network textCnn() {
    GraphBuilder graph =
        graph(VOCABULARY)
            .addLayer(
                "words",
                new EmbeddingSequenceLayer.Builder()
                    .nIn(VOCABULARY)
                    .nOut(FEATURES)
                    .inputLength(STEPS)
                    .activation(Activation.IDENTITY)
                    .build(),
                "in");
    for (int width = 3; width <= 5; width++) {
      graph
          .addLayer(
              "convolution" + width,
              new Convolution1DLayer.Builder(width).nOut(100).activation(Activation.RELU).build(),
              "words")
          .addLayer("pooled" + width, new GlobalPoolingLayer(PoolingType.MAX), "convolution" + width);
    }
    graph.addVertex("merged", new MergeVertex(), "pooled3", "pooled4", "pooled5");
    return ending(graph, "merged");
  }

  /** An LSTM of 128 over vectors of 128, and its last state. */
  static Network lstm() {
    return ending(
        graph(FEATURES)
            .addLayer(
                "last",
                new LastTimeStep(
                    new LSTM.Builder().nOut(FEATURES).activation(Activation.TANH).build()),
                "in"),
        "last");
  }

  /** Blocks with norms ahead over indices, and the mean of the tokens. */
  static Network transformer(int dimension, int blocks) {
    GraphBuilder graph =
        graph(1)
            .addLayer(
                "tokens",
                new SeriesTokens.Builder(dimension).vocabulary(VOCABULARY).positions(STEPS).build(),
                "in");
    String last = "tokens";
    for (int i = 1; i <= blocks; i++) {
      graph.addLayer(
          "block" + i, new TransformerBlock.Builder(dimension / 32, 4 * dimension).build(), last);
      last = "block" + i;
    }
    graph.addLayer("norm", new LayerNorm.Builder().build(), last);
    graph.addLayer(
        "mean", new SeriesPooling.Builder(SeriesPooling.Kind.MEAN).build(), "norm");
    return ending(graph, "mean");
  }
}
