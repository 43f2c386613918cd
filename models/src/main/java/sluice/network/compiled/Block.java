package sluice.network.compiled;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Floats off the heap, one example behind the other. Its place changes when the arena grows, so
 * that nothing keeps the pointers between steps.
 */
final class Block {
  private final int size;
  private FloatPointer pointer = new FloatPointer();
  private FloatPointer cursor = new FloatPointer();
  private BytePointer bytes = new BytePointer();
  private FloatBuffer numbers = FloatBuffer.allocate(0);
  private boolean written;

  /**
   * @param size floats of an example
   */
  Block(int size) {
    this.size = size;
  }

  /** A block of one example that is there already. */
  static Block of(FloatPointer pointer, int size) {
    Block block = new Block(size);
    block.bind(pointer);
    return block;
  }

  int size() {
    return size;
  }

  /** Takes its place, which has a capacity. */
  void bind(FloatPointer place) {
    pointer = place;
    cursor = new FloatPointer(place);
    bytes = new BytePointer(place);
    numbers = place.asBuffer();
  }

  FloatPointer pointer() {
    return pointer;
  }

  /** The place of one float; the pointer is good until this is called again. */
  FloatPointer at(int index) {
    return cursor.position(index);
  }

  /**
   * The place of one float for a function that takes any pointer, whose positions are bytes; the
   * pointer is good until this is called again.
   */
  BytePointer bytesAt(int index) {
    return bytes.position((long) index * Float.BYTES);
  }

  void read(int from, float[] to, int count) {
    numbers.get(from, to, 0, count);
  }

  void read(int from, float[] to, int at, int count) {
    numbers.get(from, to, at, count);
  }

  void write(int to, float[] from, int count) {
    numbers.put(to, from, 0, count);
  }

  void write(int to, float[] from, int at, int count) {
    numbers.put(to, from, at, count);
  }

  /** Forgets what was added to a gradient in the last step. */
  void clear() {
    written = false;
  }

  /** Whether something has added to this gradient in this step. */
  boolean written() {
    return written;
  }

  /**
   * By what to multiply what the block holds before adding to it: 0 for who comes first in a step,
   * who need not read it, and 1 for all others. Whoever asks, adds.
   */
  float beta() {
    float beta = written ? 1 : 0;
    written = true;
    return beta;
  }

  /**
   * Adds to a gradient.
   *
   * @param beta as {@link #beta} gave it for the whole of the block
   * @param scratch as long as {@code numbers}
   */
  void add(float beta, int to, float[] values, int count, float[] scratch) {
    if (beta != 0) {
      read(to, scratch, count);
      Loops.add(values, scratch, count);
    }
    write(to, values, count);
  }
}
