package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;

/**
 * A residual network over one picture, up to the mean of each channel: see {@link
 * sluice.network.spec.ResNet}.
 *
 * @param filters of the convolutions of each stage, at least one of them
 * @param blocks of each stage, at least 1
 */
public record ResNetEncoder(List<Integer> filters, int blocks) implements Encoder {
  private static final String PICTURE = "picture";

  public ResNetEncoder {
    filters = List.copyOf(filters);
    ResidualBlocks.check(filters, blocks);
  }

  /** What stands for nothing else said. */
  static ResNetEncoder standard() {
    return new ResNetEncoder(List.of(16, 32, 64), 2);
  }

  @Override
  public boolean readsSeries(Element of) {
    return false;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    Picture picture = Picture.of(groups, "encoder resnet", ResidualBlocks.leastSize(filters));
    return List.of(new Input(NetworkInput.of(prefix + PICTURE, layout, groups), picture.type()));
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    return ResidualBlocks.addTo(graph, prefix, prefix + PICTURE, filters, blocks);
  }
}
