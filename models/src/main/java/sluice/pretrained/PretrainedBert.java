package sluice.pretrained;

import static java.util.Objects.requireNonNullElse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.Pretrained;
import sluice.adaptation.PretrainedNetwork;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Network;
import sluice.network.UpdaterSpec;
import sluice.network.layers.SeriesPooling;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.PretrainedEncoder;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.normalise.FittedGroup;
import sluice.text.BertTokeniser;

/**
 * A BERT encoder that fine-tuning begins with: it encodes the feature groups whose tokens are those
 * that its folder's {@code tokenizer.json} gives.
 */
public final class PretrainedBert implements Pretrained {
  /** As in the networks that Devlin et al. fine-tuned (2018, appendix A.2). */
  private static final double DROPOUT = 0.1;

  private final BertFolder folder;
  private final BertEncoder encoder;
  private final BertTokeniser tokeniser;
  private final SeriesPooling.Kind pooling;
  private final String sha256;

  private PretrainedBert(
      BertFolder folder,
      BertEncoder encoder,
      BertTokeniser tokeniser,
      SeriesPooling.Kind pooling,
      String sha256) {
    this.folder = folder;
    this.encoder = encoder;
    this.tokeniser = tokeniser;
    this.pooling = pooling;
    this.sha256 = sha256;
  }

  /** Whether a place is a local folder that has weights of some network. */
  public static boolean isAt(String place) {
    try {
      return isAt(Path.of(place));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether a folder has weights of some network. */
  public static boolean isAt(Path folder) {
    return Files.exists(folder.resolve(BertEncoder.MODEL));
  }

  /**
   * The SHA-256 over the names and digests of all files that {@link #read} reads, in hexadecimal.
   *
   * @throws InvalidInput (data) if one cannot be read
   */
  public static String digest(Path folder) {
    BertFolder files = new BertFolder(folder);
    StringBuilder all = new StringBuilder();
    for (String name : BertFolder.FILES) {
      files
          .digest(name)
          .ifPresent(digest -> all.append(name).append(' ').append(digest).append('\n'));
    }
    return Sha256.hexOf(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The file that says how texts become the tokens of the weights in a folder. */
  public static String tokens(String folder) {
    return new BertFolder(Path.of(folder)).tokenizer();
  }

  /**
   * Reads weights and tokens.
   *
   * @param folder as {@link BertEncoder#read} has it, with {@code tokenizer.json}
   * @throws InvalidInput (data) if a file is missing or is not what it must be, or the tokens are
   *     not as many as the weights are for
   */
  public static PretrainedBert read(Path folder) {
    BertEncoder encoder = BertEncoder.read(folder);
    BertFolder files = new BertFolder(folder);
    return new PretrainedBert(
        files,
        encoder,
        files.tokeniser(encoder.sizes().vocabulary()),
        BertConfig.pooling(folder).orElse(Pooling.MEAN).kind(),
        digest(folder));
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public String title() {
    return "the weights at " + folder.path();
  }

  @Override
  public boolean isGeneral() {
    return true;
  }

  @Override
  public Optional<String> misfit(TensorSpec group) {
    boolean same =
        group.isSeries()
            && group.element() == Element.INDEX
            && group.categories().equals(List.of(tokeniser.tokens()));
    return same
        ? Optional.empty()
        : Optional.of(
            "the steps of feature group %s must end in { type = tokenizer, path = \"%s\" }, whose tokens these weights are for, got %s"
                .formatted(
                    group.name(),
                    folder.tokenizer(),
                    group.isSeries()
                        ? "a series of %,d others".formatted(group.cardinalities().get(0))
                        : "features that are no series"));
  }

  @Override
  public Encoder encoder(TensorSpec group, PretrainedEncoder asked) {
    return encoder.encoder(
        requireNonNullElse(asked.pooling(), pooling), requireNonNullElse(asked.dropout(), DROPOUT));
  }

  @Override
  public PretrainedNetwork network(NetworkDefinition definition, List<FittedGroup> features) {
    Map<String, Encoder> encoders = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    if (definition.spec() instanceof EncoderNetwork network) {
      for (TensorSpec group : definition.inputs()) {
        Encoder own = network.inputs().get(group.name());
        if (own instanceof SequenceTransformerEncoder transformer && misfit(group).isEmpty()) {
          List<String> differences = differences(group.name(), transformer);
          problems.addAll(differences);
          if (differences.isEmpty()) {
            encoders.put(group.name(), own);
          }
        } else {
          problems.add(
              misfit(group).orElse("model.inputs.%s must be pretrained".formatted(group.name())));
        }
      }
    }
    if (encoders.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    NetworkDefinition theirs =
        new NetworkDefinition(
            new EncoderNetwork(encoders, Concatenation.plain(), Map.of(), Loss.AUTO, 0.0),
            definition.inputs().stream()
                .filter(group -> encoders.containsKey(group.name()))
                .toList(),
            definition.targets());
    Network network = theirs.initial(new UpdaterSpec.Sgd(1), 1);
    encoders
        .keySet()
        .forEach(
            group ->
                encoder.writeTo((ComputationGraph) network.model(), EncoderNetwork.prefix(group)));
    return new Weights(
        this,
        theirs,
        network.parameters(),
        features.stream().filter(group -> encoders.containsKey(group.name())).toList());
  }

  /** What of a transformer is otherwise than these weights are for. */
  private List<String> differences(String group, SequenceTransformerEncoder own) {
    SequenceTransformerEncoder right = encoder.encoder(own.pooling(), own.dropout());
    List<String> differences = new ArrayList<>();
    differ(differences, group, "dimension", right.dimension(), own.dimension());
    differ(differences, group, "heads", right.heads(), own.heads());
    differ(differences, group, "layers", right.layers(), own.layers());
    differ(differences, group, "hidden", right.hidden(), own.hidden());
    differ(differences, group, "positions", right.positions(), own.positions());
    differ(differences, group, "norm", right.norm(), own.norm());
    differ(differences, group, "normalise-tokens", right.normaliseTokens(), own.normaliseTokens());
    differ(differences, group, "segments", right.segments(), own.segments());
    differ(differences, group, "gelu", right.gelu(), own.gelu());
    differ(differences, group, "epsilon", right.epsilon(), own.epsilon());
    if (own.maxLength() > right.maxLength()) {
      differences.add(
          "model.inputs.%s.max-length must be at most %,d for these weights, got %,d"
              .formatted(group, right.maxLength(), own.maxLength()));
    }
    return differences;
  }

  private static void differ(
      List<String> differences,
      String group,
      String key,
      @Nullable Object right,
      @Nullable Object own) {
    if (!Objects.equals(right, own)) {
      differences.add(
          "model.inputs.%s.%s must be %s for these weights, got %s"
              .formatted(group, key, written(right), written(own)));
    }
  }

  /** A value as a configuration has it. */
  private static String written(@Nullable Object value) {
    return String.valueOf(value).toLowerCase(Locale.ROOT);
  }

  /** The weights within a network. */
  @SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk, never compared
  private record Weights(
      PretrainedBert from,
      NetworkDefinition definition,
      float[] parameters,
      List<FittedGroup> features)
      implements PretrainedNetwork {
    @Override
    public String sha256() {
      return from.sha256();
    }

    @Override
    public boolean isGeneral() {
      return from.isGeneral();
    }

    @Override
    public String title() {
      return from.title();
    }
  }
}
