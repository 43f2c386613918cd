package sluice.training.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatVectorTest {

  private static byte[] written(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2047, 2048, 2049, 10_000})
  void everyBitArrives(int length) throws Exception {
    Random random = new Random(length);
    int[] bits = random.ints(length).toArray();
    float[] values = new float[length];
    // Any bits at all: numbers that are none, infinities, both zeroes.
    ByteBuffer.wrap(bytes(bits)).asFloatBuffer().get(values);
    FloatVector arrived = (FloatVector) read(written(new FloatVector(values)));
    int[] after = new int[length];
    for (int i = 0; i < length; i++) {
      after[i] = Float.floatToRawIntBits(arrived.array()[i]);
    }
    assertThat(after).containsExactly(bits);
  }

  private static byte[] bytes(int[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 100})
  void whatIsCutShortIsRefused(int missing) throws Exception {
    byte[] bytes = written(new FloatVector(new float[3000]));
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - missing)))
        .isInstanceOfAny(EOFException.class, StreamCorruptedException.class);
  }
}
