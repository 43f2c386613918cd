package sluice.network.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.jspecify.annotations.Nullable;

/**
 * Deeplearning4j's LSTM without peepholes (Greff et al. 2017, "LSTM: A Search Space Odyssey").
 * Parts of a row of sums, in this order: what comes in, the forget gate, the output gate, the gate
 * of what comes in.
 */
final class LstmCell implements RecurrentCell {
  private static final int INPUT = 0;
  private static final int FORGET = 1;
  private static final int OUTPUT = 2;
  private static final int GATE = 3;

  private final Unrolled over;
  private final int time;
  private final int width;
  private final Activation activation;
  private final Activation gate;
  private final Connected input;
  private final RecurrentWeights recurrent;

  /** Sums, which become gates on the way forward, and gradients by sums on the way back. */
  private final Block gates;

  private final Block cells;
  private final Block states;
  private final Parts parts;
  private final float[] cell;
  private final float[] before;
  private final float[] state;
  private final float[] squashed;
  private final float[] delta;

  /** Of each example the gradient by the cell of the step before. */
  private float[] carried = {};

  /**
   * @param activation of what comes in and of the cell
   * @param gate of the gates
   */
  LstmCell(Compilation c, Unrolled over, Activation activation, Activation gate) {
    this.over = over;
    time = over.time();
    this.activation = activation;
    this.gate = gate;
    input = over.connected(c, LSTMParamInitializer.INPUT_WEIGHT_KEY, LSTMParamInitializer.BIAS_KEY);
    width = input.width() / 4;
    recurrent = new RecurrentWeights(c, over, LSTMParamInitializer.RECURRENT_WEIGHT_KEY, width);
    gates = c.block(time, input.width());
    cells = c.block(time, width);
    states = c.block(time, width);
    parts = new Parts(4, width);
    cell = new float[parts.rows() * width];
    before = new float[cell.length];
    state = new float[cell.length];
    squashed = new float[cell.length];
    delta = new float[cell.length];
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Block forward(Step step, StepMask mask, Block x) {
    int examples = step.examples();
    input.forward(step, examples * time, x, gates);
    for (int place = 0; place < time; place++) {
      if (place > 0) {
        recurrent.forward(examples, place, states, gates, 1);
      }
      for (int example = 0; example < examples; example += parts.rows()) {
        int count = Math.min(parts.rows(), examples - example);
        readBefore(place, examples, example, count);
        pass(over.step(place), mask, examples, example, count);
      }
    }
    return states;
  }

  /** Reads the cells of the step before. */
  private void readBefore(int place, int examples, int example, int count) {
    if (place > 0) {
      cells.read((over.step(place - 1) * examples + example) * width, before, count * width);
    } else {
      Arrays.fill(before, 0);
    }
  }

  private void pass(int step, StepMask mask, int examples, int example, int count) {
    int row = step * examples + example;
    int size = count * width;
    parts.read(gates, row, count);
    input.addBiases(parts.numbers(), count);
    parts.split(count);
    activation.forward(parts.part(INPUT), size);
    gate.forward(parts.part(FORGET), size);
    gate.forward(parts.part(OUTPUT), size);
    gate.forward(parts.part(GATE), size);
    next(size, parts.part(INPUT), parts.part(FORGET), parts.part(GATE));
    System.arraycopy(cell, 0, state, 0, size);
    activation.forward(state, size);
    Loops.multiply(state, parts.part(OUTPUT), size);
    mask.multiplyStep(step, example, count, cell, width);
    mask.multiplyStep(step, example, count, state, width);
    parts.join(count);
    parts.write(gates, row, count);
    cells.write(row * width, cell, size);
    states.write(row * width, state, size);
  }

  private void next(int size, float[] in, float[] forget, float[] open) {
    for (int i = 0; i < size; i++) {
      cell[i] = forget[i] * before[i] + open[i] * in[i];
    }
  }

  @Override
  public void backward(Step step, StepMask mask, Block x, Block byStates, @Nullable Block byX) {
    int examples = step.examples();
    if (carried.length < examples * width) {
      carried = new float[examples * width];
    }
    Arrays.fill(carried, 0);
    input.beginBackward();
    for (int place = time - 1; place >= 0; place--) {
      for (int example = 0; example < examples; example += parts.rows()) {
        int count = Math.min(parts.rows(), examples - example);
        readBefore(place, examples, example, count);
        int row = over.step(place) * examples + example;
        byStates.read(row * width, state, count * width);
        System.arraycopy(carried, example * width, delta, 0, count * width);
        mask.multiplyStep(over.step(place), example, count, state, width);
        mask.multiplyStep(over.step(place), example, count, delta, width);
        passBack(row, example, count);
      }
      if (place > 0) {
        recurrent.backward(examples, place, gates, byStates);
      }
    }
    recurrent.writeGradient(examples, gates, states);
    input.backward(examples * time, x, gates, byX, 0);
  }

  /** From the gradients by the states and the cells, which it overwrites. */
  private void passBack(int row, int example, int count) {
    int size = count * width;
    parts.read(gates, row, count);
    parts.split(count);
    cells.read(row * width, squashed, size);
    activation.forward(squashed, size);
    float[] output = parts.part(OUTPUT);
    // By the cell: through what of it is seen, and what the next step carries on of it.
    product(cell, state, output, size);
    activation.backward(squashed, cell, size);
    Loops.add(delta, cell, size);
    // By the output gate.
    Loops.multiply(state, squashed, size);
    through(gate, output, state, size);
    // By the forget gate, and by the cell of the step before.
    float[] forget = parts.part(FORGET);
    product(cell, delta, forget, size);
    System.arraycopy(cell, 0, carried, example * width, size);
    product(cell, delta, before, size);
    through(gate, forget, cell, size);
    // By what comes in, and by its gate.
    float[] in = parts.part(INPUT);
    float[] open = parts.part(GATE);
    product(cell, delta, open, size);
    product(state, delta, in, size);
    through(activation, in, cell, size);
    through(gate, open, state, size);
    parts.join(count);
    input.sumBiases(parts.numbers(), count);
    parts.write(gates, row, count);
  }

  private static void product(float[] to, float[] x, float[] y, int size) {
    for (int i = 0; i < size; i++) {
      to[i] = x[i] * y[i];
    }
  }

  /** Overwrites what came out of a function by the gradient of what went in. */
  private static void through(Activation function, float[] kept, float[] deltas, int size) {
    function.backward(kept, deltas, size);
    System.arraycopy(deltas, 0, kept, 0, size);
  }
}
