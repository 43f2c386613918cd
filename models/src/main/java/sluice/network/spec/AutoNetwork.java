package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * The network that suits the features: the standard perceptron for columns, the standard residual
 * network for one picture, and for both together, or where there are series, an encoder each. The
 * rows are not known here, so that a series is read by a transformer however few there are, one of
 * weighted indices by a bag. Fine-tuning takes the encoders that the former network has.
 */
public record AutoNetwork() implements NetworkSpec {
  @Override
  public NetworkSpec settled(List<TensorSpec> groups) {
    long pictures = groups.stream().filter(TensorSpec::isPicture).count();
    boolean series = groups.stream().anyMatch(TensorSpec::isSeries);
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
    return EncoderNetwork.standard(groups).settled(groups);
  }

  @Override
  public NetworkSpec taking(List<TensorSpec> groups, PretrainedEncoder.Source from) {
    return settled(groups) instanceof EncoderNetwork standard
        ? standard.with(
            group ->
                from.misfit(group).isEmpty()
                    ? from.encoder(group, PretrainedEncoder.usual())
                    : standard.inputs().get(group.name()),
            groups)
        : this;
  }

  @Override
  public boolean readsSeries(String group, Element of) {
    return true;
  }

  @Override
  public List<String> tagProblems(String label, String group) {
    return List.of();
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    return settled(groups).build(groups, layout, targets, training);
  }
}
