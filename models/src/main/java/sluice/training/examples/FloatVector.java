package sluice.training.examples;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serial;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Floats that go from process to process in bulk. Java's own serialization takes an array of floats
 * one by one, which is a good part of a short round.
 */
public final class FloatVector implements Externalizable {
  @Serial private static final long serialVersionUID = 1L;

  /** Floats that are copied at a time. */
  private static final int CHUNK = 2048;

  private float[] values;

  /** For {@link #readExternal} alone: without floats. */
  public FloatVector() {
    this(new float[0]);
  }

  /**
   * @param values not copied, and not to be written to from now on
   */
  public FloatVector(float[] values) {
    this.values = values;
  }

  /** The floats themselves. */
  public float[] array() {
    return values;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(values.length);
    byte[] bytes = chunk(values.length);
    FloatBuffer floats = floats(bytes);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      floats.put(0, values, from, count);
      out.write(bytes, 0, count * Float.BYTES);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new StreamCorruptedException("a length must not be negative, got " + length);
    }
    values = new float[length];
    byte[] bytes = chunk(length);
    FloatBuffer floats = floats(bytes);
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      in.readFully(bytes, 0, count * Float.BYTES);
      floats.get(0, values, from, count);
    }
  }

  private static byte[] chunk(int length) {
    return new byte[Math.min(CHUNK, length) * Float.BYTES];
  }

  /** In the order of the usual processors, so that copying is all there is to do. */
  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
