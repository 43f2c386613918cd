package sluice.network;

import static java.util.Objects.requireNonNull;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import sluice.network.PlainPlan.Dense;
import sluice.network.PlainPlan.Output;
import sluice.network.PlainPlan.Part;
import sluice.network.lean.LeanAdam;

/**
 * A network with rectifiers that trains by Adam, or only predicts, as products of matrices and
 * single passes over arrays: fully connected layers, and convolutions and poolings before them.
 * Half of a step of Deeplearning4j's is spent around some hundred small calls; here are three
 * products a layer and one pass for each of what lies between. Steps come to what Deeplearning4j's
 * come to, but for rounding.
 *
 * <p>Parameters lie as in Deeplearning4j: of each fully connected layer the weights [in, out] by
 * columns, then the biases; of each convolution the biases, then the weights; the state of Adam is
 * all first moments, then all second ones. Activations are rows of examples.
 */
final class PlainReplica implements Replica, Inference {
  /** What keeps probabilities from zero and one in Deeplearning4j's losses. */
  private static final double SOFTMAX_CLIP = 1e-10;

  private static final double SIGMOID_CLIP = 1e-5;

  private static final float[] NOTHING = {};

  private final List<PictureLayer> pictures;
  private final List<Dense> layers;
  private final List<Part> parts;
  private final Output output;

  /** Null if it only predicts. */
  private final @Nullable Adam adam;

  private final ParameterMemory memory;

  private int iteration;
  private int epoch;

  /** For so many examples there is room. */
  private int room;

  /** What each layer gives, and on the way back its gradient. */
  private FloatPointer[] activations = {};

  private FloatPointer[] deltas = {};
  private float[] some = {};
  private float[] others = {};

  /** What the first fully connected layer reads, where pictures lie before it; and its gradient. */
  private FloatPointer flat = new FloatPointer();

  private FloatPointer flatDelta = new FloatPointer();

  /** The gradients of what the picture layers give. */
  private final float[][] pictureDeltas;

  private PlainReplica(PlainPlan plan, @Nullable Adam adam) {
    pictures = plan.pictures();
    layers = plan.layers();
    parts = plan.parts();
    output = plan.output();
    this.adam = adam;
    memory = new ParameterMemory(plan.parameters());
    if (adam != null) {
      memory.train();
    }
    pictureDeltas = new float[pictures.size()][];
    Arrays.fill(pictureDeltas, NOTHING);
  }

  /** A replica for networks of this configuration; none if they have anything else in them. */
  static Optional<PlainReplica> of(MultiLayerConfiguration configuration) {
    return PlainPlan.of(configuration, Integer.MAX_VALUE)
        .flatMap(plan -> plan.adam().map(adam -> new PlainReplica(plan, adam)));
  }

  /**
   * What predicts with these parameters, and learns nothing; none if the networks of this
   * configuration have anything else in them. Pictures are convolved one at a time, so that among
   * equally many examples each one's place does not matter.
   */
  static Optional<Inference> predicting(MultiLayerConfiguration configuration, float[] parameters) {
    return PlainPlan.of(configuration, 1)
        .map(
            plan -> {
              PlainReplica replica = new PlainReplica(plan, null);
              replica.setParameters(parameters);
              return replica;
            });
  }

  @Override
  public float[] parameters() {
    return memory.parameters();
  }

  @Override
  public void setParameters(float[] values) {
    memory.setParameters(values);
  }

  @Override
  public float[] updaterState() {
    return memory.moments();
  }

  @Override
  public void setUpdaterState(float[] state) {
    memory.setMoments(state);
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
    float[] read = pictures.isEmpty() ? NOTHING : numbers(features);
    FloatPointer inputs = flatten(features, read, examples);
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
    backThroughPictures(read, examples);
    update(examples);
    iteration++;
    return losses / examples;
  }

  @Override
  public Judged judge(MultiDataSet batch) {
    ProcessMemory.check();
    INDArray features = rows(batch.getFeatures(0));
    int examples = Math.toIntExact(features.size(0));
    makeRoom(examples);
    float[] read = pictures.isEmpty() ? NOTHING : numbers(features);
    forward(flatten(features, read, examples), examples, false);
    float[] labels = numbers(batch.getLabels(0));
    int width = last().out();
    float[] losses = new float[examples];
    for (int i = 0; i < examples; i++) {
      losses[i] = (float) judge(labels, null, i * width);
    }
    return new Judged(
        new float[][] {losses}, new float[][] {Arrays.copyOf(some, examples * width)});
  }

  @Override
  public float[][] outputs(float[][] inputs, int examples) {
    makeRoom(examples);
    float[] flattened = throughPictures(inputs[0], examples);
    flat.asBuffer().put(0, flattened, 0, examples * layers.get(0).in());
    forward(flat, examples, false);
    int width = last().out();
    float[] unknown = new float[examples * width];
    for (int row = 0; row < unknown.length; row += width) {
      judge(unknown, null, row);
    }
    return new float[][] {Arrays.copyOf(some, unknown.length)};
  }

  /** What the first fully connected layer reads. */
  private FloatPointer flatten(INDArray features, float[] read, int examples) {
    if (pictures.isEmpty()) {
      return new FloatPointer(features.data().addressPointer());
    }
    flat.asBuffer().put(0, throughPictures(read, examples), 0, examples * layers.get(0).in());
    return flat;
  }

  private float[] throughPictures(float[] read, int examples) {
    float[] picture = read;
    for (PictureLayer layer : pictures) {
      picture = layer.forward(memory, picture, examples);
    }
    return picture;
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
    int size = Math.multiplyExact(examples, layers.get(0).in());
    if (adam == null || !pictures.isEmpty()) {
      flat = new FloatPointer(size);
    }
    if (adam != null && !pictures.isEmpty()) {
      flatDelta = new FloatPointer(size);
    }
  }

  /**
   * Leaves in the activations what each layer gives; what the last one does, before its activation,
   * in {@code some}.
   */
  private void forward(FloatPointer inputs, int examples, boolean training) {
    for (int l = 0; l < layers.size(); l++) {
      Dense layer = layers.get(l);
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

  private FloatPointer weights(Dense layer) {
    return memory.weights(layer.at());
  }

  /** What a layer reads. */
  private FloatPointer read(int l, FloatPointer inputs) {
    return l == 0 ? inputs : activations[l - 1];
  }

  private void addBiases(Dense layer, int size) {
    int biases = layer.biases();
    int width = layer.out();
    for (int row = 0; row < size; row += width) {
      for (int j = 0; j < width; j++) {
        some[row + j] += memory.parameter(biases + j);
      }
    }
  }

  private void rectify(Dense layer, int size) {
    int biases = layer.biases();
    int width = layer.out();
    for (int row = 0; row < size; row += width) {
      for (int j = 0; j < width; j++) {
        some[row + j] = Math.max(some[row + j] + memory.parameter(biases + j), 0);
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
      Dense layer = layers.get(l);
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
          memory.gradients(layer.at()),
          layer.in());
      if (l == 0 && pictures.isEmpty()) {
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
          l == 0 ? flatDelta : deltas[l - 1],
          layer.in());
      if (l == 0) {
        return;
      }
      int size = examples * layer.in();
      FloatBuffer numbers = deltas[l - 1].asBuffer();
      numbers.get(0, others, 0, size);
      activations[l - 1].asBuffer().get(0, some, 0, size);
      throughRectifier((float) (1 / layer.keep()), size);
      numbers.put(0, others, 0, size);
    }
  }

  /** The way back from the gradient of what the first fully connected layer read. */
  private void backThroughPictures(float[] read, int examples) {
    int last = pictures.size() - 1;
    if (last < 0) {
      return;
    }
    for (int i = 0; i <= last; i++) {
      int size = Math.multiplyExact(examples, pictures.get(i).out());
      if (pictureDeltas[i].length < size) {
        pictureDeltas[i] = new float[size];
      }
    }
    flatDelta.asBuffer().get(0, pictureDeltas[last], 0, examples * layers.get(0).in());
    for (int i = last; i >= 0; i--) {
      PictureLayer layer = pictures.get(i);
      if (i == 0) {
        layer.backward(memory, read, pictureDeltas[0], examples, null);
      } else {
        layer.backward(
            memory, pictures.get(i - 1).given(), pictureDeltas[i], examples, pictureDeltas[i - 1]);
      }
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

  private void sumOfRows(Dense layer, int examples) {
    int width = layer.out();
    float[] sums = new float[width];
    for (int row = 0; row < examples * width; row += width) {
      for (int j = 0; j < width; j++) {
        sums[j] += others[row + j];
      }
    }
    memory.setGradients(layer.biases(), sums);
  }

  private void update(int examples) {
    Adam own = requireNonNull(adam, "it only predicts");
    double step = LeanAdam.stepSize(own, iteration, epoch);
    for (Part part : parts) {
      double l2 = part.penalty(iteration, epoch);
      memory.update(part.from(), part.to(), examples, l2, own, step);
    }
  }

  private Dense last() {
    return layers.get(layers.size() - 1);
  }
}
