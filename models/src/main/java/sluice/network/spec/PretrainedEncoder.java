package sluice.network.spec;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.layers.SeriesPooling.Kind;

/**
 * The encoder of a network that was trained before, as {@code train.adapt.from} names it: what a
 * configuration says where a bundle has the encoder that it stood for.
 *
 * @param pooling what becomes of the tokens; null for what is usual there
 * @param dropout share of attention's weights, and of the units within blocks, that is set to zero
 *     in a training step; null for what is usual there
 */
public record PretrainedEncoder(@Auto @Nullable Kind pooling, @Auto @Nullable Double dropout)
    implements SeriesEncoder {
  /** Its name in configurations. */
  static final String TYPE = "pretrained";

  /** Networks that were trained before, by what they can stand for. */
  public interface Source {
    /** Why it has no encoder of this feature group; nothing if it has one. */
    Optional<String> misfit(TensorSpec group);

    /**
     * Its encoder of a feature group that it has one of.
     *
     * @throws InvalidInput (configuration) if it cannot be as it is asked for
     */
    Encoder encoder(TensorSpec group, PretrainedEncoder asked);
  }

  public PretrainedEncoder {
    new Require()
        .that(
            pooling != Kind.ATTENTION,
            "pooling must be mean, max, first or last, got attention, which would learn anew")
        .that(
            dropout == null || (dropout >= 0 && dropout < 1),
            "dropout must be at least 0 and below 1, got " + dropout)
        .hold();
  }

  /** As it is usual there. */
  public static PretrainedEncoder usual() {
    return new PretrainedEncoder(null, null);
  }

  /** Whether nothing is asked for but what is usual there. */
  public boolean isUsual() {
    return equals(usual());
  }

  @Override
  public boolean readsSeries(Element of) {
    return true;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    throw unsettled();
  }

  @Override
  public String addSteps(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    throw unsettled();
  }

  @Override
  public String addPooling(GraphBuilder graph, String prefix, String steps) {
    throw unsettled();
  }

  private static IllegalStateException unsettled() {
    return new IllegalStateException("what is pretrained was not read");
  }
}
