package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.Gru;

/** {@link Gru}. Parts of a row of sums: the reset gate, the update gate, the candidate. */
final class GruCell implements RecurrentCell {
  private static final int RESET = 0;
  private static final int UPDATE = 1;
  private static final int CANDIDATE = 2;

  private final Unrolled over;
  private final int time;
  private final int width;
  private final Connected input;
  private final Biases recurrentBiases;
  private final RecurrentWeights recurrent;

  /** Sums over what is read, which become gates and candidates, and then gradients by sums. */
  private final Block gates;

  /** Sums over the states before, and then the gradients by them. */
  private final Block remembered;

  private final Block states;
  private final Parts parts;
  private final Parts memory;
  private final float[] before;
  private final float[] state;

  GruCell(Compilation c, Unrolled over) {
    this.over = over;
    time = over.time();
    input = over.connected(c, Gru.WEIGHTS, Gru.BIASES);
    width = input.width() / 3;
    recurrentBiases = over.biases(c, Gru.RECURRENT_BIASES);
    recurrent = new RecurrentWeights(c, over, Gru.RECURRENT_WEIGHTS, width);
    gates = c.block(time, input.width());
    remembered = c.block(time, input.width());
    states = c.block(time, width);
    parts = new Parts(3, width);
    memory = new Parts(3, width);
    before = new float[parts.rows() * width];
    state = new float[before.length];
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Block forward(Step step, StepMask mask, Block x) {
    int examples = step.examples();
    input.forward(step, examples * time, x, gates);
    recurrentBiases.read();
    for (int place = 0; place < time; place++) {
      if (place > 0) {
        recurrent.forward(examples, place, states, remembered, 0);
      }
      for (int example = 0; example < examples; example += parts.rows()) {
        int count = Math.min(parts.rows(), examples - example);
        readBefore(place, examples, example, count);
        int row = over.step(place) * examples + example;
        pass(place, row, count);
        mask.multiplyStep(over.step(place), example, count, state, width);
        states.write(row * width, state, count * width);
      }
    }
    return states;
  }

  /** Reads the states of the step before. */
  private void readBefore(int place, int examples, int example, int count) {
    if (place > 0) {
      states.read((over.step(place - 1) * examples + example) * width, before, count * width);
    } else {
      Arrays.fill(before, 0);
    }
  }

  /** Leaves the states of a step in {@code state}. */
  private void pass(int place, int row, int count) {
    int size = count * width;
    if (place > 0) {
      memory.read(remembered, row, count);
    } else {
      Arrays.fill(memory.numbers(), 0);
    }
    recurrentBiases.add(memory.numbers(), count);
    memory.write(remembered, row, count);
    memory.split(count);
    parts.read(gates, row, count);
    input.addBiases(parts.numbers(), count);
    parts.split(count);
    float[] reset = parts.part(RESET);
    float[] update = parts.part(UPDATE);
    sigmoid(reset, memory.part(RESET), size);
    sigmoid(update, memory.part(UPDATE), size);
    candidate(parts.part(CANDIDATE), reset, memory.part(CANDIDATE), size);
    next(update, parts.part(CANDIDATE), size);
    parts.join(count);
    parts.write(gates, row, count);
  }

  private static void sigmoid(float[] to, float[] added, int size) {
    for (int i = 0; i < size; i++) {
      to[i] = Exponentials.sigmoid(to[i] + added[i]);
    }
  }

  private static void candidate(float[] to, float[] reset, float[] memory, int size) {
    for (int i = 0; i < size; i++) {
      to[i] = Exponentials.tanh(to[i] + reset[i] * memory[i]);
    }
  }

  private void next(float[] update, float[] candidate, int size) {
    for (int i = 0; i < size; i++) {
      state[i] = candidate[i] + update[i] * (before[i] - candidate[i]);
    }
  }

  @Override
  public void backward(Step step, StepMask mask, Block x, Block byStates, @Nullable Block byX) {
    int examples = step.examples();
    input.beginBackward();
    recurrentBiases.beginBackward();
    for (int place = time - 1; place >= 0; place--) {
      for (int example = 0; example < examples; example += parts.rows()) {
        int count = Math.min(parts.rows(), examples - example);
        readBefore(place, examples, example, count);
        int row = over.step(place) * examples + example;
        byStates.read(row * width, state, count * width);
        mask.multiplyStep(over.step(place), example, count, state, width);
        passBack(row, count);
        if (place > 0) {
          int at = (over.step(place - 1) * examples + example) * width;
          byStates.add(1, at, state, count * width, before);
        }
      }
      if (place > 0) {
        recurrent.backward(examples, place, remembered, byStates);
      }
    }
    recurrentBiases.writeGradient();
    recurrent.writeGradient(examples, remembered, states);
    input.backward(examples * time, x, gates, byX, 0);
  }

  /**
   * From the gradient by the states in {@code state}, where it leaves what goes to the state before
   * past the candidate.
   */
  private void passBack(int row, int count) {
    int size = count * width;
    parts.read(gates, row, count);
    parts.split(count);
    memory.read(remembered, row, count);
    memory.split(count);
    float[] reset = parts.part(RESET);
    float[] update = parts.part(UPDATE);
    float[] candidate = parts.part(CANDIDATE);
    float[] kept = memory.part(CANDIDATE);
    bySums(reset, update, candidate, kept, size);
    System.arraycopy(reset, 0, memory.part(RESET), 0, size);
    System.arraycopy(update, 0, memory.part(UPDATE), 0, size);
    parts.join(count);
    memory.join(count);
    input.sumBiases(parts.numbers(), count);
    recurrentBiases.sum(memory.numbers(), count);
    parts.write(gates, row, count);
    memory.write(remembered, row, count);
  }

  private void bySums(float[] reset, float[] update, float[] candidate, float[] kept, int size) {
    for (int i = 0; i < size; i++) {
      float by = state[i];
      float r = reset[i];
      float u = update[i];
      float n = candidate[i];
      float byCandidate = by * (1 - u) * (1 - n * n);
      reset[i] = byCandidate * kept[i] * r * (1 - r);
      update[i] = by * (before[i] - n) * u * (1 - u);
      candidate[i] = byCandidate;
      kept[i] = byCandidate * r;
      state[i] = by * u;
    }
  }
}
