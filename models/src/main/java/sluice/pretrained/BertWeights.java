package sluice.pretrained;

import java.util.List;

/**
 * The weights of a BERT encoder (Devlin et al. 2018), by what they are for.
 *
 * @param words the vectors of tokens, [vocabulary, width]
 * @param positions the vectors of positions, [positions, width]
 * @param segments the vectors of segments, [segments, width]
 * @param tokensNorm what normalises the sums of these three
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BertWeights(
    float[] words, float[] positions, float[] segments, Norm tokensNorm, List<Layer> layers) {
  /** Of a layer norm. */
  record Norm(float[] gain, float[] bias) {}

  /**
   * Of a connected layer.
   *
   * @param matrix [in, out] by rows
   */
  record Connected(float[] matrix, float[] biases) {}

  /**
   * Of a layer of the encoder.
   *
   * @param attended what stands behind the heads
   * @param attendedNorm what normalises its sum with what the layer reads
   * @param hidden to the width between the connected layers
   * @param back from there
   * @param backNorm what normalises its sum with what the connected layers read
   */
  record Layer(
      Connected queries,
      Connected keys,
      Connected values,
      Connected attended,
      Norm attendedNorm,
      Connected hidden,
      Connected back,
      Norm backNorm) {}
}
