package sluice.pretrained;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.data.Sha256;
import sluice.text.BertTokeniser;

/**
 * The vectors of texts by an encoder that is found where it is needed: in the folder that the
 * configuration of the training named, or in the one of its SHA-256 below the folder that the
 * environment variable {@value #FOLDER} names. Its SHA-256 decides, so that it is the same network
 * as in training. Each of the texts that are given together is encoded once, and of late ones the
 * vectors are kept. Thread-safe; saved as its parameters.
 */
public final class TextVectors implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The environment variable with the folder of encoders, each in a folder of its SHA-256. */
  static final String FOLDER = "SLUICE_PRETRAINED";

  /** How many vectors are kept: 8 MB of 512 numbers each. */
  private static final int KEPT = 2048;

  private static final int WIDEST = 1 << 16;

  /**
   * What is kept of an encoder in a bundle.
   *
   * @param model the folder that the configuration named
   * @param sha256 of the file of the weights
   * @param pooling what one vector is made of those of the tokens
   * @param maxLength how many tokens of a text are read at most
   * @param dimension how many numbers a vector has
   * @param tokeniser makes the tokens
   */
  public record Parameters(
      String model,
      String sha256,
      Pooling pooling,
      int maxLength,
      int dimension,
      BertTokeniser tokeniser)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    public Parameters {
      new Require()
          .that(Sha256.isHex(sha256), "sha256 must be 64 hexadecimal digits, got " + sha256)
          .within("dimension", dimension, 1, WIDEST)
          .atLeast("max-length", maxLength, tokeniser.specials() + 1L)
          .hold();
    }
  }

  private final Parameters parameters;
  private final transient Map<String, double[]> late = new LinkedHashMap<>(16, 0.75f, true);
  private transient volatile @Nullable SentenceEncoder encoder;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TextVectors(Parameters parameters) {
    this.parameters = parameters;
  }

  @JsonValue
  public Parameters parameters() {
    return parameters;
  }

  /**
   * The vectors of texts, in their order; null of what is no text.
   *
   * @throws InvalidInput (data) if the encoder is not where it must be
   */
  @Nullable Object[] of(@Nullable Object[] texts) {
    Map<String, double[]> vectors = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    synchronized (late) {
      for (Object given : texts) {
        if (given instanceof String text) {
          double[] vector = late.get(text);
          if (vector == null) {
            missing.add(text);
          } else {
            vectors.put(text, vector);
          }
        }
      }
    }
    vectors.putAll(encoded(List.copyOf(missing)));
    @Nullable Object[] all = new @Nullable Object[texts.length];
    for (int i = 0; i < all.length; i++) {
      double[] vector = texts[i] instanceof String text ? vectors.get(text) : null;
      all[i] = vector == null ? null : vector.clone();
    }
    return all;
  }

  private Map<String, double[]> encoded(List<String> texts) {
    Map<String, double[]> vectors = new LinkedHashMap<>();
    if (texts.isEmpty()) {
      return vectors;
    }
    List<int[]> tokens = new ArrayList<>();
    for (String text : texts) {
      tokens.add(parameters.tokeniser.encode(text, parameters.maxLength));
    }
    float[][] made = encoder().encode(tokens);
    for (int i = 0; i < made.length; i++) {
      double[] vector = new double[made[i].length];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = made[i][j];
      }
      vectors.put(texts.get(i), vector);
    }
    synchronized (late) {
      late.putAll(vectors);
      List<String> oldest = List.copyOf(late.keySet());
      oldest.subList(0, Math.max(0, oldest.size() - KEPT)).forEach(late::remove);
    }
    return vectors;
  }

  /**
   * Requires the encoder, and keeps it.
   *
   * @throws InvalidInput (data) if it is not where it must be
   */
  void requireEncoder() {
    encoder();
  }

  private SentenceEncoder encoder() {
    SentenceEncoder found = encoder;
    if (found == null) {
      found = find();
      encoder = found;
    }
    return found;
  }

  private SentenceEncoder find() {
    List<String> wrong = new ArrayList<>();
    for (Path place : places(System.getenv(FOLDER))) {
      if (!Files.isRegularFile(place.resolve(BertEncoder.MODEL))) {
        wrong.add("there is none in " + place.toAbsolutePath());
        continue;
      }
      SentenceEncoder there = SentenceEncoder.load(place, parameters.pooling);
      if (there.digest().equals(parameters.sha256)) {
        return require(there);
      }
      wrong.add("that in %s has %s".formatted(place.toAbsolutePath(), there.digest()));
    }
    throw InvalidInput.data(
        "sentence-encoder: the network with the SHA-256 %s must be the %s of %s, or of the folder %s below the one that the environment variable %s names, on each machine that scores: %s"
            .formatted(
                parameters.sha256,
                BertEncoder.MODEL,
                parameters.model,
                parameters.sha256,
                FOLDER,
                String.join("; ", wrong)));
  }

  /** Where the encoder may be. */
  private List<Path> places(@Nullable String below) {
    List<Path> places = new ArrayList<>();
    if (below != null && !below.isEmpty()) {
      places.add(Path.of(below, parameters.sha256));
    }
    places.add(Path.of(parameters.model));
    return places;
  }

  private SentenceEncoder require(SentenceEncoder found) {
    new Require()
        .that(
            found.dimension() == parameters.dimension
                && found.vocabulary() == parameters.tokeniser.size()
                && found.maxLength() >= parameters.maxLength,
            "sentence-encoder: the network must have vectors of %s numbers, %s tokens and texts of %s, has %s, %s and %s"
                .formatted(
                    parameters.dimension,
                    parameters.tokeniser.size(),
                    parameters.maxLength,
                    found.dimension(),
                    found.vocabulary(),
                    found.maxLength()))
        .hold();
    return found;
  }

  private Object readResolve() {
    return new TextVectors(parameters);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextVectors vectors && vectors.parameters.equals(parameters);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(parameters.model, parameters.sha256);
  }
}
