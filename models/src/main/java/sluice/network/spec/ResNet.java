package sluice.network.spec;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.Target;

/**
 * A residual network for small pictures: He, Zhang, Ren and Sun 2016, section 4.2. A convolution of
 * 3 by 3, then stages of blocks of two such convolutions, each with batch normalisation and with
 * the block's input added to its output; the first block of every stage but the first halves height
 * and width. Where a block changes the shape, its input is projected by a convolution of 1 by 1
 * (their option B). At the end the mean of each channel goes into the output layer.
 *
 * <p>The running means and variances of batch normalisation are parameters and are averaged over
 * the workers as all others: the mean of means is the mean over all their examples, and that of
 * variances leaves out only how the workers' means differ.
 *
 * @param filters of the convolutions of each stage, at least one of them
 * @param blocks of each stage, at least 1
 * @param l2 factor of the squared weights in the loss, divided by two
 * @param loss what training makes small; null in bundles from before there was a choice
 */
public record ResNet(List<Integer> filters, int blocks, double l2, @Nullable Loss loss)
    implements NetworkSpec {
  public ResNet {
    filters = List.copyOf(filters);
    ResidualBlocks.check(filters, blocks);
    OutputLayers.checkPenalties(0, l2);
    loss = loss == null ? Loss.AUTO : loss;
  }

  /** With the loss that suits the label. */
  public ResNet(List<Integer> filters, int blocks, double l2) {
    this(filters, blocks, l2, null);
  }

  @Override
  public boolean hasL2() {
    return l2 > 0;
  }

  @Override
  public Loss lossOf(String label) {
    return requireNonNull(loss);
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    Picture picture = Picture.of(groups, "model resnet", ResidualBlocks.leastSize(filters));
    if (targets.size() > 1) {
      return EncoderNetwork.of(
              groups.get(0).name(),
              new ResNetEncoder(filters, blocks),
              lossOf(targets.get(0).name()),
              l2)
          .build(groups, layout, targets, training);
    }
    training.weightInit(WeightInit.RELU).activation(Activation.IDENTITY);
    if (hasL2()) {
      training.l2(l2);
    }
    GraphBuilder graph = training.graphBuilder().addInputs("picture").setInputTypes(picture.type());
    String mean = ResidualBlocks.addTo(graph, "", "picture", filters, blocks);
    graph.addLayer(
        "output", OutputLayers.output(targets.get(0), lossOf(targets.get(0).name())).build(), mean);
    return Network.of(graph.setOutputs("output").build());
  }
}
