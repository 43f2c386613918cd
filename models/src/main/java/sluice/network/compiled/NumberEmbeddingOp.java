package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import sluice.network.compiled.Products.Form;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.NumberEmbedding.Encoding;

/** {@link NumberEmbedding}: an encoding and a product of matrices for each column. */
final class NumberEmbeddingOp implements Op {
  private final Products products;
  private final Tensor in;
  private final Tensor out;
  private final NumberEncoding encoding;
  private final Weights[] weights;
  private final Weights biases;
  private final int dimension;

  /** Where the encoding of each column begins, in numbers of an example; and behind the last. */
  private final int[] places;

  /** The encodings, all examples of a column together. */
  private final Block encodings;

  private final Block byEncoding;
  private final float[] bias;
  private final float[] sums;
  private float[] inputs = {};
  private float[] below = {};
  private float[] x = {};
  private float[] byNumber = {};
  private float[] encoded = {};
  private float[] deltas = {};
  private float[] rows = {};
  private float[] given = {};

  private NumberEmbeddingOp(
      Compilation c, NumberEmbedding layer, Layer atWork, NumberEncoding encoding, Tensor in) {
    products = c.products();
    this.in = in;
    this.encoding = encoding;
    dimension = layer.getDimension();
    weights = new Weights[in.size()];
    places = new int[in.size() + 1];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = requireNonNull(c.weights(atWork, NumberEmbedding.weights(i)));
      places[i + 1] = places[i] + layer.width(i);
    }
    biases = requireNonNull(c.weights(atWork, NumberEmbedding.BIASES));
    out = c.learning(in.size() * dimension);
    encodings = c.block(places[in.size()]);
    byEncoding = c.block(widest());
    bias = new float[out.size()];
    sums = new float[out.size()];
  }

  private int widest() {
    int widest = 0;
    for (int i = 0; i < weights.length; i++) {
      widest = Math.max(widest, width(i));
    }
    return widest;
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    NumberEmbedding embedding = (NumberEmbedding) settings;
    NumberEncoding encoding =
        embedding.getEncoding() == Encoding.PERIODIC
            ? new NumberEncoding.Periodic(
                requireNonNull(c.weights(layer, NumberEmbedding.FREQUENCIES)),
                embedding.getFrequencies())
            : new NumberEncoding.PiecewiseLinear(embedding.getEdges());
    NumberEmbeddingOp op = new NumberEmbeddingOp(c, embedding, layer, encoding, in);
    c.add(op);
    return Optional.of(op.out);
  }

  private int width(int column) {
    return places[column + 1] - places[column];
  }

  private void makeRoom(int examples) {
    if (x.length < examples) {
      inputs = new float[examples * in.size()];
      below = new float[inputs.length];
      x = new float[examples];
      byNumber = new float[examples];
      encoded = new float[examples * widest()];
      deltas = new float[encoded.length];
    }
    if (rows.length == 0) {
      rows = new float[Loops.rows(out.size()) * out.size()];
      given = new float[rows.length];
    }
  }

  private void column(int column, int examples) {
    for (int i = 0; i < examples; i++) {
      x[i] = inputs[i * in.size() + column];
    }
  }

  @Override
  public void forward(Step step) {
    int examples = step.examples();
    makeRoom(examples);
    in.data().read(0, inputs, examples * in.size());
    encoding.begin();
    for (int column = 0; column < weights.length; column++) {
      int width = width(column);
      int at = places[column] * examples;
      column(column, examples);
      encoding.forward(column, x, examples, encoded);
      encodings.write(at, encoded, examples * width);
      products.multiply(
          Form.PLAIN,
          Form.PLAIN,
          examples,
          dimension,
          width,
          1,
          encodings.at(at),
          width,
          weights[column].pointer(),
          dimension,
          0,
          out.data().at(column * dimension),
          out.size());
    }
    biases.read(bias);
    int some = rows.length / out.size();
    for (int i = 0; i < examples; i += some) {
      int count = Math.min(some, examples - i);
      out.data().read(i * out.size(), rows, count * out.size());
      Loops.addToRows(rows, bias, count, out.size());
      if (encoding.isRectified()) {
        rectify(rows, count * out.size());
      }
      out.data().write(i * out.size(), rows, count * out.size());
    }
  }

  private static void rectify(float[] numbers, int count) {
    for (int i = 0; i < count; i++) {
      numbers[i] = Math.max(numbers[i], 0);
    }
  }

  private static void rectifyBack(float[] kept, float[] gradients, int count) {
    for (int i = 0; i < count; i++) {
      gradients[i] *= Math.min(kept[i] * Float.MAX_VALUE, 1);
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int examples = step.examples();
    throughBias(gradient, examples);
    for (int column = 0; column < weights.length; column++) {
      back(column, gradient, examples);
    }
    encoding.endBackward();
    Block numbers = in.gradient();
    if (numbers != null) {
      numbers.add(numbers.beta(), 0, below, examples * in.size(), inputs);
    }
  }

  private void back(int column, Block gradient, int examples) {
    int width = width(column);
    int at = places[column] * examples;
    Block gradients = weights[column].gradients();
    if (gradients != null) {
      products.multiply(
          Form.TRANSPOSED,
          Form.PLAIN,
          width,
          dimension,
          examples,
          1,
          encodings.at(at),
          width,
          gradient.at(column * dimension),
          out.size(),
          0,
          gradients.at(weights[column].at()),
          dimension);
    }
    products.multiply(
        Form.PLAIN,
        Form.TRANSPOSED,
        examples,
        width,
        dimension,
        1,
        gradient.at(column * dimension),
        out.size(),
        weights[column].pointer(),
        dimension,
        0,
        byEncoding.pointer(),
        width);
    encodings.read(at, encoded, examples * width);
    byEncoding.read(0, deltas, examples * width);
    column(column, examples);
    encoding.backward(column, x, examples, encoded, deltas, byNumber);
    for (int i = 0; i < examples; i++) {
      below[i * in.size() + column] = byNumber[i];
    }
  }

  private void throughBias(Block gradient, int examples) {
    Arrays.fill(sums, 0);
    int some = rows.length / out.size();
    for (int i = 0; i < examples; i += some) {
      int count = Math.min(some, examples - i);
      gradient.read(i * out.size(), rows, count * out.size());
      if (encoding.isRectified()) {
        out.data().read(i * out.size(), given, count * out.size());
        rectifyBack(given, rows, count * out.size());
        gradient.write(i * out.size(), rows, count * out.size());
      }
      Loops.addRows(sums, rows, count, out.size());
    }
    biases.writeGradient(sums);
  }
}
