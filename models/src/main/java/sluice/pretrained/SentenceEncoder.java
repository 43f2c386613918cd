package sluice.pretrained;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sluice.data.InvalidInput;
import sluice.network.Inference;
import sluice.network.StepLengths;

/**
 * Makes a vector of length 1 of each text by a pretrained BERT encoder, as sentence-transformers do
 * (Reimers and Gurevych 2019): the vectors of its tokens are pooled, and the result is divided by
 * its Euclidean length. A text's vector is the same bits whatever texts are beside it.
 *
 * <p>It is a handle, which may travel to other processes: the weights stay in their file, and a
 * process reads them once, when it first needs them. Thread-safe: threads encode at the same time,
 * by the same weights.
 */
public final class SentenceEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Steps of texts that are encoded at a time, padding included; at least one text. */
  private static final int MOST_STEPS = 1 << 13;

  /** The absolute path: paths do not serialise. */
  private final String folder;

  private final Pooling pooling;
  private final String digest;
  private final int dimension;
  private final int maxLength;
  private final int vocabulary;

  private SentenceEncoder(String folder, Pooling pooling, String digest, BertSizes sizes) {
    this.folder = folder;
    this.pooling = pooling;
    this.digest = digest;
    dimension = sizes.width();
    maxLength = sizes.positions();
    vocabulary = sizes.vocabulary();
  }

  /**
   * Loads an encoder whose pooling its folder tells, in {@code 1_Pooling/config.json} as
   * sentence-transformers keep it; without that file it is the mean.
   *
   * @param folder as {@link BertEncoder#read} has it
   * @throws InvalidInput (data) if a file is missing or is not what it must be
   */
  public static SentenceEncoder load(Path folder) {
    return load(folder, BertConfig.pooling(folder).orElse(Pooling.MEAN));
  }

  /**
   * Loads an encoder.
   *
   * @param folder as {@link BertEncoder#read} has it
   * @throws InvalidInput (data) if a file is missing or is not what it must be
   */
  public static SentenceEncoder load(Path folder, Pooling pooling) {
    Path absolute = folder.toAbsolutePath().normalize();
    EncoderNetworks networks = EncoderNetworks.of(absolute, pooling);
    return new SentenceEncoder(absolute.toString(), pooling, networks.digest(), networks.sizes());
  }

  /** How many numbers a vector has. */
  public int dimension() {
    return dimension;
  }

  /** How many tokens a text may have. */
  public int maxLength() {
    return maxLength;
  }

  /** How many tokens there are: indices are below it. */
  public int vocabulary() {
    return vocabulary;
  }

  /** What one vector it makes of those of the tokens. */
  public Pooling pooling() {
    return pooling;
  }

  /** The SHA-256 of the file of the weights, in hexadecimal. */
  public String digest() {
    return digest;
  }

  /**
   * The vectors of texts.
   *
   * @param tokens of each text the indices of its tokens, those that begin and end it among them;
   *     of a text without tokens the vector is zeros
   * @return for each text as many numbers as the {@link #dimension}
   * @throws InvalidInput (data) if a text is too long or an index too high, if numbers of its
   *     vector come out as none, or if this process finds another file of weights than the one that
   *     the encoder was made of
   */
  public float[][] encode(List<int[]> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      require(tokens.get(i), i);
    }
    EncoderNetworks networks = EncoderNetworks.of(Path.of(folder), pooling);
    if (!networks.digest().equals(digest)) {
      throw InvalidInput.data(
          "%s: must be the file of SHA-256 %s, by which texts were encoded before, is one of %s"
              .formatted(Path.of(folder, BertEncoder.MODEL), digest, networks.digest()));
    }
    float[][] vectors = new float[tokens.size()][];
    int[] order =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted(Comparator.comparingInt(text -> tokens.get(text).length))
            .mapToInt(Integer::intValue)
            .toArray();
    networks.use(
        inference -> {
          for (int from = 0; from < order.length; ) {
            int to = behind(tokens, order, from);
            int[] some = Arrays.copyOfRange(order, from, to);
            float[] all = pooled(inference, tokens, some);
            for (int i = 0; i < some.length; i++) {
              vectors[some[i]] = unit(all, i * dimension, some[i]);
            }
            from = to;
          }
        });
    return vectors;
  }

  private void require(int[] tokens, int text) {
    if (tokens.length > maxLength) {
      throw InvalidInput.data(
          "text %,d: must have at most %,d tokens, has %,d"
              .formatted(text + 1, maxLength, tokens.length));
    }
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw InvalidInput.data(
            "text %,d: the index of a token must be from 0 to %d, got %d"
                .formatted(text + 1, vocabulary - 1, token));
      }
    }
  }

  /** Behind the last text that is encoded together with one, all in the order of their lengths. */
  private static int behind(List<int[]> tokens, int[] order, int from) {
    int to = from + 1;
    while (to < order.length
        && (to + 1 - from) * StepLengths.padded(tokens.get(order[to]).length) <= MOST_STEPS) {
      to++;
    }
    return to;
  }

  /** The pooled vectors of some texts, one behind the other. */
  private static float[] pooled(Inference inference, List<int[]> tokens, int[] some) {
    int steps = StepLengths.padded(tokens.get(some[some.length - 1]).length);
    float[] indices = new float[some.length * steps];
    float[] mask = new float[some.length * steps];
    for (int row = 0; row < some.length; row++) {
      int[] text = tokens.get(some[row]);
      for (int step = 0; step < text.length; step++) {
        indices[row * steps + step] = text[step];
      }
      Arrays.fill(mask, row * steps, row * steps + text.length, 1);
    }
    float[][] outputs =
        inference.outputs(new float[][] {indices}, new float[][] {mask}, some.length);
    return outputs[0];
  }

  /** A vector divided by its length; zeros stay zeros. */
  private float[] unit(float[] numbers, int from, int text) {
    double squares = 0;
    for (int i = from; i < from + dimension; i++) {
      squares += (double) numbers[i] * numbers[i];
    }
    if (!Double.isFinite(squares)) {
      throw InvalidInput.data(
          "%s: must give finite numbers, gives others for text %,d"
              .formatted(Path.of(folder, BertEncoder.MODEL), text + 1));
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    float[] unit = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      unit[i] = (float) (numbers[from + i] / length);
    }
    return unit;
  }
}
