package sluice.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an attacker hopes to find on the class path: an object that runs code when it is read, made
 * or called. It counts how often that was.
 */
public final class Gadget implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final AtomicInteger RUNS = new AtomicInteger();

  /**
   * The name of a column that, where Spark puts it into a text of a program that it compiles, ends
   * the text and goes on as a program that is sound.
   */
  public static final String PROGRAM =
      "x\", \"y\", e); } finally { sluice.testing.Gadget.run(); } try { int i = 0; } catch (Throwable"
          + " e) { throw QueryExecutionErrors.failedExecuteUserDefinedFunctionError(\"a\", \"";

  /** What a reader of properties would call. */
  public Gadget() {
    RUNS.incrementAndGet();
  }

  /** What {@code reflect} would call. */
  public static String run() {
    return Integer.toString(RUNS.incrementAndGet());
  }

  /** How often any of it ran since the last call. */
  public static int runs() {
    return RUNS.getAndSet(0);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    RUNS.incrementAndGet();
  }

  /** One of these in Java's own serialisation. */
  public static byte[] serialised() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Gadget());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    runs();
    return bytes.toByteArray();
  }

  /** What a careless reader does with such bytes; so that a test can see that the trap is set. */
  public static Object deserialised(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
