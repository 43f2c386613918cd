package sluice.pretrained;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.data.Sha256;
import sluice.normalise.FileStep;
import sluice.normalise.FittedStep;
import sluice.normalise.Kind;
import sluice.normalise.TextStep;
import sluice.text.BertTokeniser;

/**
 * A text as the vector that a pretrained encoder of sentences makes of it, see {@link
 * SentenceEncoder}: numbers of length 1, as many as the encoder is wide.
 *
 * @param model a local folder with {@code model.onnx} and {@code tokenizer.json}, which every
 *     process sees that encodes
 * @param pooling what one vector is made of those of the tokens; null for what the folder says, or
 *     the mean
 * @param maxLength how many tokens of a text are read at most, special tokens included; null for as
 *     many as the encoder takes
 */
public record SentenceEncoderStep(
    String model, @Nullable Pooling pooling, @Nullable Integer maxLength)
    implements TextStep, FileStep {
  private static final long serialVersionUID = 1L;

  /** What messages begin with. */
  private static final String NAME = "sentence-encoder: ";

  public SentenceEncoderStep {
    new Require()
        .notBlank("model", model)
        .that(
            maxLength == null || maxLength >= 1, "max-length must be at least 1, got " + maxLength)
        .hold();
  }

  @Override
  public Kind gives(Kind input) {
    return Kind.VECTOR;
  }

  @Override
  public Map<String, String> fingerprints(Configuration hadoop) {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    fingerprints.put(model + "/" + BertEncoder.MODEL, encoder().digest());
    fingerprints.put(
        files().tokenizer(), Sha256.hexOf(asConfiguration(() -> files().tokenizerContent())));
    return fingerprints;
  }

  @Override
  public FittedStep read(Configuration hadoop) {
    SentenceEncoder encoder = encoder();
    BertTokeniser tokeniser = asConfiguration(() -> files().tokeniser(encoder.vocabulary()));
    int length = maxLength == null ? encoder.maxLength() : maxLength;
    return asConfiguration(
        () -> {
          new Require()
              .within("max-length", length, tokeniser.specials() + 1, encoder.maxLength())
              .hold();
          return new SentenceVectors(
              new TextVectors(
                  new TextVectors.Parameters(
                      model,
                      encoder.digest(),
                      encoder.pooling(),
                      length,
                      encoder.dimension(),
                      tokeniser)));
        });
  }

  private SentenceEncoder encoder() {
    return asConfiguration(
        () -> {
          Path folder = folder();
          return pooling == null
              ? SentenceEncoder.load(folder)
              : SentenceEncoder.load(folder, pooling);
        });
  }

  private Path folder() {
    try {
      return Path.of(model);
    } catch (InvalidPathException e) {
      throw InvalidInput.configuration("model must be a local folder, got " + model);
    }
  }

  private BertFolder files() {
    return new BertFolder(folder());
  }

  /** What the configuration names is its to mend. */
  private static <T> T asConfiguration(Supplier<T> read) {
    try {
      return read.get();
    } catch (InvalidInput e) {
      throw InvalidInput.configuration(
          e.problems().stream()
              .map(problem -> problem.startsWith(NAME) ? problem : NAME + problem)
              .toList());
    }
  }
}
