package sluice.pretrained;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.SequenceTransformerEncoder;

/** Whether the weights of an encoder fit a network that is to begin with them. */
final class BertFit {
  private final BertSizes sizes;
  private final BertEncoder encoder;
  private final NetworkDefinition definition;
  private final String group;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param group of texts' tokens, whose encoder in the network it is about
   */
  BertFit(BertEncoder encoder, NetworkDefinition definition, String group) {
    this.encoder = encoder;
    this.definition = definition;
    this.group = group;
    sizes = encoder.sizes();
  }

  /**
   * Fails if they do not fit.
   *
   * @throws InvalidInput (configuration) with all that differs
   */
  void require() {
    if (!(definition.spec() instanceof EncoderNetwork network)
        || !(network.inputs().get(group) instanceof SequenceTransformerEncoder own)) {
      throw InvalidInput.configuration(
          "model.inputs.%s must be a sequence-transformer to begin with the weights of BERT"
              .formatted(group));
    }
    compare(encoder.encoder(Pooling.MEAN, 1, 0), own);
    if (own.maxLength() > sizes.positions()) {
      problems.add(
          "model.inputs.%s.max-length must be at most %,d for these weights, got %,d"
              .formatted(group, sizes.positions(), own.maxLength()));
    }
    for (TensorSpec tensor : definition.inputs()) {
      if (tensor.name().equals(group)
          && !tensor.cardinalities().equals(List.of(sizes.vocabulary()))) {
        problems.add(
            "feature group %s must be of the %,d tokens of these weights, is of %s"
                .formatted(group, sizes.vocabulary(), tensor.cardinalities()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** All but what the weights say nothing of: pooling, steps that are read, dropout. */
  private void compare(SequenceTransformerEncoder expected, SequenceTransformerEncoder own) {
    same("dimension", expected.dimension(), own.dimension());
    same("heads", expected.heads(), own.heads());
    same("layers", expected.layers(), own.layers());
    same("hidden", expected.hidden(), own.hidden());
    same("positions", expected.positions(), own.positions());
    same("norm", expected.norm(), own.norm());
    same("normalise-tokens", expected.normaliseTokens(), own.normaliseTokens());
    same("segments", expected.segments(), own.segments());
    same("gelu", expected.gelu(), own.gelu());
    same("epsilon", expected.epsilon(), own.epsilon());
  }

  private void same(String key, @Nullable Object expected, @Nullable Object got) {
    if (!Objects.equals(expected, got)) {
      problems.add(
          "model.inputs.%s.%s must be %s for these weights, got %s"
              .formatted(group, key, text(expected), text(got)));
    }
  }

  /** A value as a configuration has it. */
  private static String text(@Nullable Object value) {
    return String.valueOf(value).toLowerCase(Locale.ROOT);
  }
}
