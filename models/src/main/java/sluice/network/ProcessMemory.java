package sluice.network;

import java.lang.reflect.Method;
import java.util.Locale;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * The most memory that this process may take, heap, arrays, code and all. It is looked at before
 * each step of a network. JavaCPP, which limits it otherwise, asks the operating system whenever an
 * object outside the heap is made, some hundred times a step, and one thread at a time: half of the
 * time of a small network in two threads.
 */
public final class ProcessMemory {
  private static final String LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

  private static final String ARRAYS = "org.bytedeco.javacpp.maxbytes";

  /** JavaCPP's other name for it, which it prefers. */
  private static final String PREFERRED_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  /** For code, threads and buffers beyond heap and arrays. */
  private static final long REST = 1L << 30;

  private static final String ADVICE =
      "allow more, or take smaller minibatches, shorter series or fewer slots";

  private static final int RETRIES = 10;
  private static final long RETRY_MILLISECONDS = 100;

  private ProcessMemory() {}

  /**
   * Takes the limit over from JavaCPP, unless that is at work already.
   *
   * @return the most bytes of the process; 0 for no limit
   * @throws InvalidInput (configuration) if a limit is set that is no size
   */
  static long takeOver() {
    @Nullable String asked = System.getProperty(PREFERRED_LIMIT, System.getProperty(LIMIT));
    System.setProperty(PREFERRED_LIMIT, "0");
    long heap = Runtime.getRuntime().maxMemory();
    if (Pointer.maxPhysicalBytes() > 0) {
      return Pointer.maxPhysicalBytes();
    }
    if (asked == null || asked.isEmpty()) {
      return Pointer.maxBytes() > 0 ? heap + Pointer.maxBytes() + REST : 0;
    }
    try {
      return Math.max(0, Pointer.parseBytes(asked, heap));
    } catch (NumberFormatException e) {
      // Whoever tries again must be told again, not be given no limit.
      System.setProperty(PREFERRED_LIMIT, asked);
      throw InvalidInput.configuration(
          "%s must be a size such as 4g, got %s".formatted(LIMIT, asked));
    }
  }

  /**
   * Lets go of what nobody refers to any more if the process has outgrown its limit.
   *
   * @throws InvalidInput (configuration) if that is not enough
   */
  public static void check() {
    check(Natives.load().maxPhysicalBytes());
  }

  static void check(long limit) {
    if (limit > 0 && Pointer.physicalBytesInaccurate(limit) > limit) {
      shrink(limit);
    }
  }

  private static synchronized void shrink(long limit) {
    long used = Pointer.physicalBytes();
    for (int i = 0; i < RETRIES && used > limit; i++) {
      System.gc();
      try {
        Thread.sleep(RETRY_MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      trim();
      used = Pointer.physicalBytes();
    }
    if (used > limit) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "the memory of the process must be at most %,d MiB (heap, arrays and 1 GiB, or %s), and is %,d MiB: %s",
              limit >> 20,
              LIMIT,
              used >> 20,
              ADVICE));
    }
  }

  /**
   * Memory for so many floats outside the heap, whatever is in it.
   *
   * @throws InvalidInput (configuration) as {@link #explained} gives it
   */
  public static FloatPointer floats(long count) {
    try {
      return new FloatPointer(count);
    } catch (OutOfMemoryError e) {
      throw explained(e);
    }
  }

  /**
   * What a failed allocation comes to. Spark ends the process of a task that throws such an error,
   * without a word to the user.
   *
   * @return (configuration) that the memory for arrays is too small
   * @throws OutOfMemoryError the error itself, if it is about other memory
   */
  public static InvalidInput explained(OutOfMemoryError error) {
    String message = String.valueOf(error.getMessage());
    if (!message.startsWith("Cannot allocate new")) {
      throw error;
    }
    return InvalidInput.configuration(
        String.format(
            Locale.ROOT,
            "the memory for arrays is full, of which there are %,d MiB (SLUICE_NATIVE_MEMORY of scripts/sluice, %s of Java), %,d MiB taken: %s",
            Natives.load().maxBytes() >> 20,
            ARRAYS,
            Pointer.totalBytes() >> 20,
            ADVICE));
  }

  /**
   * Refuses a network that cannot be made, before its parameters are.
   *
   * @param parameters how many there would be, which may be more than any integer holds
   * @throws InvalidInput (configuration) if they do not fit into the memory for arrays
   */
  static void requireRoom(double parameters) {
    long bytes = Natives.load().maxBytes();
    double most = Math.min(Integer.MAX_VALUE, bytes > 0 ? bytes / Float.BYTES : Integer.MAX_VALUE);
    if (parameters > most) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "a network must have at most %,.0f parameters, which fill the memory for arrays (%s), got %,.0f",
              most,
              ARRAYS,
              parameters));
    }
  }

  /** Gives what was freed back to the system; the allocator of the C library keeps some. */
  private static void trim() {
    try {
      Method trim = Pointer.class.getDeclaredMethod("trimMemory");
      trim.setAccessible(true);
      trim.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("JavaCPP cannot trim memory", e);
    }
  }
}
