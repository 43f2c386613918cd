package sluice.network;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.lean.LeanAdam;

/**
 * A perceptron with rectifiers that trains by Adam, as products of matrices and single passes over
 * arrays. Half of a step of Deeplearning4j's is spent around some hundred small calls; here are
 * three products a layer and one pass for each of what lies between. Steps come to what
 * Deeplearning4j's come to, but for rounding.
 *
 * <p>Parameters lie as in Deeplearning4j: of each layer the weights [in, out] by columns, then the
 * biases; the state of Adam is all first moments, then all second ones. Activations are rows of
 * examples.
 */
final class DenseReplica implements Replica {
  /** Pieces of some arrays that fit into the first cache together. */
  private static final int PIECE = 2048;

  /** What keeps probabilities from zero and one in Deeplearning4j's losses. */
  private static final double SOFTMAX_CLIP = 1e-10;

  private static final double SIGMOID_CLIP = 1e-5;

  /** A loss with its activation, on what comes before that. */
  private enum Output {
    SOFTMAX_CROSS_ENTROPY,
    SIGMOID_CROSS_ENTROPY,
    SQUARED_ERROR
  }

  /**
   * A layer.
   *
   * @param in numbers that it reads of each example
   * @param out numbers that it gives
   * @param at where its weights begin among the parameters
   * @param keep of what it reads, the share that is not dropped; 1 without dropout
   * @param penalties on its weights
   */
  private record Layer(int in, int out, int at, double keep, List<L2Regularization> penalties) {
    int biases() {
      return at + in * out;
    }

    int end() {
      return biases() + out;
    }

    double penalty(int iteration, int epoch) {
      return penalties.stream().mapToDouble(l2 -> l2.getL2().valueAt(iteration, epoch)).sum();
    }
  }

  private final List<Layer> layers;
  private final Output output;
  private final Adam adam;
  private final float[] parameters;
  private final float[] means;
  private final float[] squares;
  private final FloatPointer weights;
  private final FloatBuffer weightNumbers;
  private final FloatPointer gradients;
  private final FloatBuffer gradientNumbers;
  private final float[] piece = new float[PIECE];

  private int iteration;
  private int epoch;

  /** For so many examples there is room. */
  private int room;

  /** What each layer gives, and on the way back its gradient. */
  private FloatPointer[] activations = {};

  private FloatPointer[] deltas = {};
  private float[] some = {};
  private float[] others = {};

  private DenseReplica(List<Layer> layers, Output output, Adam adam) {
    this.layers = layers;
    this.output = output;
    this.adam = adam;
    int count = last().end();
    parameters = new float[count];
    means = new float[count];
    squares = new float[count];
    weights = new FloatPointer(count);
    weightNumbers = weights.asBuffer();
    gradients = new FloatPointer(count);
    gradientNumbers = gradients.asBuffer();
  }

  /** A replica for networks of this configuration; none if they have anything else in them. */
  static Optional<DenseReplica> of(MultiLayerConfiguration configuration) {
    if (!configuration.getInputPreProcessors().isEmpty()
        || configuration.getBackpropType() != BackpropType.Standard
        || configuration.getDataType() != DataType.FLOAT) {
      return Optional.empty();
    }
    List<Layer> layers = new ArrayList<>();
    int at = 0;
    @Nullable Adam adam = null;
    @Nullable Output output = null;
    List<NeuralNetConfiguration> all = configuration.getConfs();
    for (int i = 0; i < all.size(); i++) {
      if (!(all.get(i).getLayer() instanceof FeedForwardLayer layer)
          || !all.get(i).isMiniBatch()
          || !plain(layer)
          || (i == 0 && layer.getIDropout() != null)
          || !(layer.getIUpdater() instanceof Adam own)
          || (adam != null && !own.equals(adam))
          || (layer.getBiasUpdater() != null && !layer.getBiasUpdater().equals(own))) {
        return Optional.empty();
      }
      boolean end = i == all.size() - 1;
      if (end) {
        output = output(layer);
      }
      if (end ? output == null : !rectifier(layer)) {
        return Optional.empty();
      }
      adam = own;
      Layer made =
          new Layer(
              Math.toIntExact(layer.getNIn()),
              Math.toIntExact(layer.getNOut()),
              at,
              layer.getIDropout() instanceof Dropout dropout ? dropout.getP() : 1,
              penalties(layer));
      layers.add(made);
      at = made.end();
    }
    return adam == null || output == null
        ? Optional.empty()
        : Optional.of(new DenseReplica(List.copyOf(layers), output, adam.clone()));
  }

  private static boolean plain(FeedForwardLayer layer) {
    return layer.getWeightNoise() == null
        && (layer.getConstraints() == null || layer.getConstraints().isEmpty())
        && (layer.getGradientNormalization() == null
            || layer.getGradientNormalization() == GradientNormalization.None)
        && (layer.getRegularizationBias() == null || layer.getRegularizationBias().isEmpty())
        && penalties(layer).size() == regularization(layer).size()
        && (layer.getIDropout() == null
            || (layer.getIDropout().getClass() == Dropout.class
                && ((Dropout) layer.getIDropout()).getPSchedule() == null));
  }

  private static List<Regularization> regularization(FeedForwardLayer layer) {
    return layer.getRegularization() == null ? List.of() : layer.getRegularization();
  }

  private static List<L2Regularization> penalties(FeedForwardLayer layer) {
    return regularization(layer).stream()
        .filter(L2Regularization.class::isInstance)
        .map(L2Regularization.class::cast)
        .toList();
  }

  private static boolean rectifier(FeedForwardLayer layer) {
    return layer instanceof DenseLayer dense
        && dense.hasBias()
        && !dense.hasLayerNorm()
        && dense.getActivationFn() instanceof ActivationReLU relu
        && relu.getClass() == ActivationReLU.class
        && relu.getMax() == null
        && relu.getThreshold() == null
        && relu.getNegativeSlope() == null;
  }

  private static @Nullable Output output(FeedForwardLayer layer) {
    if (layer.getClass() != OutputLayer.class || !((OutputLayer) layer).hasBias()) {
      return null;
    }
    ILossFunction loss = ((OutputLayer) layer).getLossFn();
    IActivation activation = layer.getActivationFn();
    // Of equal losses, those without weights of the outputs and with the usual clipping.
    if (activation instanceof ActivationSoftmax && loss.equals(new LossMCXENT())) {
      return Output.SOFTMAX_CROSS_ENTROPY;
    }
    if (activation instanceof ActivationSigmoid && loss.equals(new LossBinaryXENT())) {
      return Output.SIGMOID_CROSS_ENTROPY;
    }
    return activation instanceof ActivationIdentity && loss.equals(new LossMSE())
        ? Output.SQUARED_ERROR
        : null;
  }

  @Override
  public float[] parameters() {
    return parameters.clone();
  }

  @Override
  public void setParameters(float[] values) {
    require(parameters.length, "parameters", values.length);
    System.arraycopy(values, 0, parameters, 0, values.length);
    weightNumbers.put(0, values);
  }

  @Override
  public float[] updaterState() {
    float[] state = Arrays.copyOf(means, 2 * means.length);
    System.arraycopy(squares, 0, state, means.length, squares.length);
    return state;
  }

  @Override
  public void setUpdaterState(float[] state) {
    require(2 * means.length, "updater values", state.length);
    System.arraycopy(state, 0, means, 0, means.length);
    System.arraycopy(state, means.length, squares, 0, squares.length);
  }

  private static void require(int has, String what, int got) {
    if (got != has) {
      throw InvalidInput.data("the network has %d %s, got %d".formatted(has, what, got));
    }
  }

  @Override
  public void setCounters(int newIteration, int newEpoch) {
    iteration = newIteration;
    epoch = newEpoch;
  }

  @Override
  public double fit(MultiDataSet batch) {
    ProcessMemory.check();
    INDArray features = rows(batch.getFeatures(0));
    int examples = Math.toIntExact(features.size(0));
    makeRoom(examples);
    FloatPointer inputs = new FloatPointer(features.data().addressPointer());
    forward(inputs, examples, true);
    float[] labels = numbers(batch.getLabels(0));
    INDArray weights = batch.getLabelsMaskArray(0);
    float @Nullable [] mask = weights == null ? null : numbers(weights);
    int width = last().out();
    double losses = 0;
    for (int row = 0; row < examples * width; row += width) {
      losses += judge(labels, mask, row);
    }
    deltas[layers.size() - 1].asBuffer().put(0, others, 0, examples * width);
    backward(inputs, examples);
    double penalty = penalty();
    update(examples);
    iteration++;
    return losses / examples + penalty;
  }

  @Override
  public Judged judge(DataSet batch) {
    ProcessMemory.check();
    INDArray features = rows(batch.getFeatures());
    int examples = Math.toIntExact(features.size(0));
    makeRoom(examples);
    forward(new FloatPointer(features.data().addressPointer()), examples, false);
    float[] labels = numbers(batch.getLabels());
    int width = last().out();
    float[] losses = new float[examples];
    for (int i = 0; i < examples; i++) {
      losses[i] = (float) judge(labels, null, i * width);
    }
    return new Judged(losses, Arrays.copyOf(some, examples * width));
  }

  /** As rows that lie one behind the other. */
  private static INDArray rows(INDArray array) {
    boolean lie =
        array.rank() == 2
            && array.ordering() == 'c'
            && array.dataType() == DataType.FLOAT
            && array.stride(1) == 1
            && array.stride(0) == array.size(1);
    return lie ? array : array.castTo(DataType.FLOAT).dup('c');
  }

  private static float[] numbers(INDArray array) {
    INDArray rows = rows(array);
    float[] numbers = new float[Math.toIntExact(rows.length())];
    rows.data().asNioFloat().get(numbers);
    return numbers;
  }

  private void makeRoom(int examples) {
    if (examples <= room) {
      return;
    }
    room = examples;
    activations = new FloatPointer[layers.size()];
    deltas = new FloatPointer[layers.size()];
    int most = 0;
    for (int l = 0; l < layers.size(); l++) {
      int size = Math.multiplyExact(examples, layers.get(l).out());
      activations[l] = new FloatPointer(size);
      deltas[l] = new FloatPointer(size);
      most = Math.max(most, size);
    }
    some = new float[most];
    others = new float[most];
  }

  /**
   * Leaves in the activations what each layer gives; what the last one does, before its activation,
   * in {@code some}.
   */
  private void forward(FloatPointer inputs, int examples, boolean training) {
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      cblas_sgemm(
          CblasColMajor,
          CblasTrans,
          CblasNoTrans,
          layer.out(),
          examples,
          layer.in(),
          1,
          weights(layer),
          layer.in(),
          read(l, inputs),
          layer.in(),
          0,
          activations[l],
          layer.out());
      int size = examples * layer.out();
      FloatBuffer numbers = activations[l].asBuffer();
      numbers.get(0, some, 0, size);
      if (l == layers.size() - 1) {
        addBiases(layer, size);
        return;
      }
      rectify(layer, size);
      double keep = layers.get(l + 1).keep();
      if (training && keep < 1) {
        drop(keep, examples, layer.out());
      }
      numbers.put(0, some, 0, size);
    }
  }

  private FloatPointer weights(Layer layer) {
    return new FloatPointer(weights).position(layer.at());
  }

  /** What a layer reads. */
  private FloatPointer read(int l, FloatPointer inputs) {
    return l == 0 ? inputs : activations[l - 1];
  }

  private void addBiases(Layer layer, int size) {
    int biases = layer.biases();
    int width = layer.out();
    for (int row = 0; row < size; row += width) {
      for (int j = 0; j < width; j++) {
        some[row + j] += parameters[biases + j];
      }
    }
  }

  private void rectify(Layer layer, int size) {
    int biases = layer.biases();
    int width = layer.out();
    for (int row = 0; row < size; row += width) {
      for (int j = 0; j < width; j++) {
        some[row + j] = Math.max(some[row + j] + parameters[biases + j], 0);
      }
    }
  }

  /** Draws what Deeplearning4j would draw from the generator of this thread. */
  private void drop(double keep, int examples, int width) {
    int size = examples * width;
    try (INDArray mask = Nd4j.ones(DataType.FLOAT, examples, width)) {
      Nd4j.getExecutioner().exec(new DropOutInverted(mask, mask, keep));
      mask.data().asNioFloat().get(others, 0, size);
    }
    for (int i = 0; i < size; i++) {
      some[i] *= others[i];
    }
  }

  /**
   * The loss of an example, by what is in {@code some}; leaves its outputs there, and in {@code
   * others} the gradient of the loss by what came before the last activation.
   *
   * @param mask a weight for each example, or one for each output
   * @param row where it begins
   */
  private double judge(float[] labels, float @Nullable [] mask, int row) {
    int width = last().out();
    return switch (output) {
      case SOFTMAX_CROSS_ENTROPY -> softmax(labels, mask, row, width);
      case SIGMOID_CROSS_ENTROPY -> sigmoid(labels, mask, row, width);
      case SQUARED_ERROR -> squares(labels, mask, row, width);
    };
  }

  private static double weight(float @Nullable [] mask, int place, int size, int width) {
    if (mask == null) {
      return 1;
    }
    return mask.length == size / width ? mask[place / width] : mask[place];
  }

  private double softmax(float[] labels, float @Nullable [] mask, int row, int width) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = row; i < row + width; i++) {
      most = Math.max(most, some[i]);
    }
    double all = 0;
    for (int i = row; i < row + width; i++) {
      all += Math.exp(some[i] - most);
    }
    double loss = 0;
    for (int i = row; i < row + width; i++) {
      double probability = Math.exp(some[i] - most) / all;
      double weight = weight(mask, i, labels.length, width);
      some[i] = (float) probability;
      others[i] = (float) (weight * (probability - labels[i]));
      if (labels[i] != 0) {
        loss -= weight * labels[i] * Math.log(clipped(probability, SOFTMAX_CLIP));
      }
    }
    return loss;
  }

  private double sigmoid(float[] labels, float @Nullable [] mask, int row, int width) {
    double loss = 0;
    for (int i = row; i < row + width; i++) {
      double probability = 1 / (1 + Math.exp(-some[i]));
      double clipped = clipped(probability, SIGMOID_CLIP);
      double weight = weight(mask, i, labels.length, width);
      some[i] = (float) probability;
      others[i] =
          (float)
              (weight
                  * (clipped - labels[i])
                  / (clipped * (1 - clipped))
                  * probability
                  * (1 - probability));
      loss -= weight * (labels[i] * Math.log(clipped) + (1 - labels[i]) * Math.log(1 - clipped));
    }
    return loss;
  }

  private double squares(float[] labels, float @Nullable [] mask, int row, int width) {
    double loss = 0;
    for (int i = row; i < row + width; i++) {
      double error = (double) some[i] - labels[i];
      double weight = weight(mask, i, labels.length, width);
      others[i] = (float) (2 * weight * error / width);
      loss += weight * error * error / width;
    }
    return loss;
  }

  /** Lets what is not a number through. */
  private static double clipped(double probability, double clip) {
    return Math.max(clip, Math.min(1 - clip, probability));
  }

  private void backward(FloatPointer inputs, int examples) {
    for (int l = layers.size() - 1; l >= 0; l--) {
      Layer layer = layers.get(l);
      // The gradient of the layer is in the other array already.
      sumOfRows(layer, examples);
      cblas_sgemm(
          CblasColMajor,
          CblasNoTrans,
          CblasTrans,
          layer.in(),
          layer.out(),
          examples,
          1,
          read(l, inputs),
          layer.in(),
          deltas[l],
          layer.out(),
          0,
          new FloatPointer(gradients).position(layer.at()),
          layer.in());
      if (l == 0) {
        return;
      }
      cblas_sgemm(
          CblasColMajor,
          CblasNoTrans,
          CblasNoTrans,
          layer.in(),
          examples,
          layer.out(),
          1,
          weights(layer),
          layer.in(),
          deltas[l],
          layer.out(),
          0,
          deltas[l - 1],
          layer.in());
      int size = examples * layer.in();
      FloatBuffer numbers = deltas[l - 1].asBuffer();
      numbers.get(0, others, 0, size);
      activations[l - 1].asBuffer().get(0, some, 0, size);
      throughRectifier((float) (1 / layer.keep()), size);
      numbers.put(0, others, 0, size);
    }
  }

  /**
   * A number that came out of the rectifier and was not dropped lets its gradient through. As
   * products and a minimum the compiler vectorises it, which it does not with a choice.
   */
  private void throughRectifier(float scale, int size) {
    for (int i = 0; i < size; i++) {
      others[i] *= Math.min(some[i] * Float.MAX_VALUE, 1) * scale;
    }
  }

  private void sumOfRows(Layer layer, int examples) {
    int width = layer.out();
    float[] sums = new float[width];
    for (int row = 0; row < examples * width; row += width) {
      for (int j = 0; j < width; j++) {
        sums[j] += others[row + j];
      }
    }
    gradientNumbers.put(layer.biases(), sums);
  }

  private double penalty() {
    double sum = 0;
    for (Layer layer : layers) {
      double l2 = layer.penalty(iteration, epoch);
      if (l2 != 0) {
        FloatPointer own = weights(layer);
        sum += 0.5 * l2 * cblas_sdot(layer.in() * layer.out(), own, 1, own, 1);
      }
    }
    return sum;
  }

  /** Adam (Kingma and Ba 2015), in the form with the correction in the step size. */
  private void update(int examples) {
    double step = LeanAdam.stepSize(adam, iteration, epoch);
    for (Layer layer : layers) {
      update(layer.at(), layer.biases(), examples, layer.penalty(iteration, epoch), step);
      update(layer.biases(), layer.end(), examples, 0, step);
    }
  }

  private void update(int from, int to, int examples, double l2, double step) {
    for (int at = from; at < to; at += PIECE) {
      int size = Math.min(PIECE, to - at);
      gradientNumbers.get(at, piece, 0, size);
      move(
          at,
          size,
          examples,
          (float) l2,
          (float) adam.getBeta1(),
          (float) adam.getBeta2(),
          (float) step,
          (float) adam.getEpsilon());
      weightNumbers.put(at, parameters, at, size);
    }
  }

  private void move(
      int at,
      int size,
      float examples,
      float l2,
      float beta1,
      float beta2,
      float step,
      float epsilon) {
    float rest1 = 1 - beta1;
    float rest2 = 1 - beta2;
    for (int i = 0; i < size; i++) {
      float gradient = piece[i] / examples + l2 * parameters[at + i];
      float mean = beta1 * means[at + i] + rest1 * gradient;
      float square = beta2 * squares[at + i] + rest2 * gradient * gradient;
      means[at + i] = mean;
      squares[at + i] = square;
      parameters[at + i] -= step * mean / ((float) Math.sqrt(square) + epsilon);
    }
  }

  private Layer last() {
    return layers.get(layers.size() - 1);
  }
}
