package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.normalise.FeatureGroup;

/**
 * The network that suits the features: the standard perceptron for columns, the standard residual
 * network for one picture, and for both together, or where there are series, an encoder each.
 */
public record AutoNetwork() implements NetworkSpec {
  @Override
  public NetworkSpec settled(List<FeatureGroup> groups) {
    long pictures = groups.stream().filter(Picture::is).count();
    boolean series = groups.stream().anyMatch(FeatureGroup::isSeries);
    if (pictures == 0 && !series) {
      return new MultilayerPerceptron(
          null,
          HiddenActivation.RELU,
          null,
          null,
          InitialWeights.HE,
          Loss.AUTO,
          new Embeddings(null));
    }
    if (groups.size() == 1 && !series) {
      ResNetEncoder standard = ResNetEncoder.standard();
      return new ResNet(standard.filters(), standard.blocks(), 0);
    }
    return EncoderNetwork.standard(groups);
  }

  @Override
  public Network build(
      List<FeatureGroup> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    return settled(groups).build(groups, layout, targets, training);
  }
}
