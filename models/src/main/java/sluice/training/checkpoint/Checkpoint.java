package sluice.training.checkpoint;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Sha256;
import sluice.training.Convergence;
import sluice.training.averaging.AveragingState;

/**
 * A training between two rounds: all that decides how it goes on. As bytes it is a length, JSON,
 * the arrays as little-endian floats and, over all of these, a SHA-256 in hexadecimal.
 *
 * @param position where it is, and what it has seen
 * @param state what the rounds left
 * @param best the parameters of the best epoch so far
 * @param reference what the final network is compared with, as {@link Convergence} has it; empty
 *     where there is none yet
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record Checkpoint(Position position, AveragingState state, float[] best, float[] reference) {
  private static final int FORMAT = 3;
  private static final int DIGEST = 64;

  /** Floats that are copied at a time. */
  private static final int CHUNK = 16_384;

  /** Workers without state take no bytes, so that the length of the file does not limit them. */
  private static final int MOST_WORKERS = 1 << 20;

  /**
   * Where a training is.
   *
   * @param epoch that the next round is in or begins with, from 0
   * @param epochs that a round covers from there
   * @param minibatch that the next round begins with
   * @param frequency minibatches of the next round
   * @param averagings so far
   * @param lossSum of the epochs since the last record
   * @param trained examples of them
   * @param spent seconds on them
   * @param history one record an epoch, or a round of several
   * @param seconds that each record took
   * @param bestRecord the place of the best in the history
   * @param stopped whether training has stopped early
   */
  public record Position(
      int epoch,
      int epochs,
      int minibatch,
      int frequency,
      int averagings,
      double lossSum,
      long trained,
      double spent,
      List<EpochRecord> history,
      List<Double> seconds,
      int bestRecord,
      boolean stopped) {
    public Position {
      history = List.copyOf(history);
      seconds = List.copyOf(seconds);
      if (Math.min(Math.min(epoch, minibatch), Math.min(averagings, bestRecord)) < 0
          || Math.min(epochs, frequency) < 1
          || trained < 0
          || seconds.size() != history.size()
          || bestRecord > Math.max(0, history.size() - 1)) {
        throw InvalidInput.data(
            "a position must be one of a training, with seconds of each record, got epoch %d of %d, minibatch %d by %d, %d averagings, %d examples, %d records, %d seconds, the best %d"
                .formatted(
                    epoch,
                    epochs,
                    minibatch,
                    frequency,
                    averagings,
                    trained,
                    history.size(),
                    seconds.size(),
                    bestRecord));
      }
    }
  }

  /**
   * What the JSON holds.
   *
   * @param training identifies what is trained, on what, and how
   * @param parameters how many there are
   * @param average how many values their average has: as many, or none
   * @param updaterState how many values the updater has
   * @param velocity how many values the outer optimiser has
   * @param reference how many values the reference has: as many as parameters, or none
   * @param localWorkers how many workers keep an updater's state of their own
   */
  private record Header(
      int format,
      String training,
      int parameters,
      int average,
      int updaterState,
      int velocity,
      int reference,
      int localWorkers,
      Position position) {

    /** The arrays must fill what is left, before any of them is made. */
    void check(long left, String where) {
      if (Math.min(Math.min(parameters, updaterState), Math.min(velocity, localWorkers)) < 0) {
        throw InvalidInput.data(where + ": the header must have no negative number, got " + this);
      }
      if ((average != 0 && average != parameters) || (reference != 0 && reference != parameters)) {
        throw InvalidInput.data(
            "%s: the average and the reference must have %d values by the header, or none, got %d and %d"
                .formatted(where, parameters, average, reference));
      }
      if (localWorkers > MOST_WORKERS) {
        throw InvalidInput.data(
            "%s: the header must have at most %,d workers, got %,d"
                .formatted(where, MOST_WORKERS, localWorkers));
      }
      double floats =
          2.0 * parameters
              + average
              + updaterState
              + velocity
              + reference
              + (double) localWorkers * updaterState;
      if (Float.BYTES * floats != left) {
        throw InvalidInput.data(
            "%s: the arrays must have %.0f bytes by the header, got %d"
                .formatted(where, Float.BYTES * floats, left));
      }
    }
  }

  /** Opens the bytes of one, as often as it is asked. */
  @FunctionalInterface
  public interface Content {
    /** From the first byte on. */
    InputStream open() throws IOException;
  }

  /**
   * Writes it as a stream, since it may be larger than an array.
   *
   * @param training identifies what is trained
   * @param to is not closed
   */
  void write(String training, OutputStream to) throws IOException {
    byte[] header =
        Json.write(
                new Header(
                    FORMAT,
                    training,
                    state.parameters().length,
                    state.average().length,
                    state.updaterState().length,
                    state.velocity().length,
                    reference.length,
                    state.localStates().size(),
                    position))
            .getBytes(StandardCharsets.UTF_8);
    MessageDigest digest = Sha256.start();
    OutputStream out = new DigestOutputStream(to, digest);
    out.write(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(header.length)
            .array());
    out.write(header);
    write(state.parameters(), out);
    write(state.average(), out);
    write(state.updaterState(), out);
    write(state.velocity(), out);
    write(best, out);
    write(reference, out);
    for (float[] own : state.localStates().values()) {
      write(own, out);
    }
    to.write(Sha256.finish(digest).getBytes(StandardCharsets.US_ASCII));
  }

  private static void write(float[] values, OutputStream out) throws IOException {
    byte[] bytes = new byte[Math.min(CHUNK, values.length) * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      floats.put(0, values, from, count);
      out.write(bytes, 0, count * Float.BYTES);
    }
  }

  /**
   * Reads one. Its digest is taken before anything is made of it, so that it is gone through twice.
   *
   * @param length its bytes; more are not read
   * @param training that it must be of
   * @param where the file, for messages
   * @throws InvalidInput (data) if it was cut short or changed, or is of another training
   */
  public static Checkpoint read(Content content, long length, String training, String where)
      throws IOException {
    long end = length - DIGEST;
    if (end < Integer.BYTES || !endsWithItsDigest(content, end)) {
      throw InvalidInput.data(
          "%s: a checkpoint must end with the SHA-256 of what is before, was cut short or changed"
              .formatted(where));
    }
    try (DataInputStream in = new DataInputStream(content.open())) {
      int size = Integer.reverseBytes(in.readInt());
      if (size < 0 || size > end - Integer.BYTES) {
        throw InvalidInput.data(
            "%s: the header must have between 0 and %d bytes, got %d"
                .formatted(where, end - Integer.BYTES, size));
      }
      byte[] json = new byte[size];
      in.readFully(json);
      Header header = Json.read(new String(json, StandardCharsets.UTF_8), Header.class, where);
      if (header.format() != FORMAT || !header.training().equals(training)) {
        throw InvalidInput.data(
            "%s: a checkpoint must be of format %d and of training %s, got format %d and training %s"
                .formatted(where, FORMAT, training, header.format(), header.training()));
      }
      header.check(end - Integer.BYTES - size, where);
      float[] parameters = floats(in, header.parameters());
      float[] average = floats(in, header.average());
      float[] updaterState = floats(in, header.updaterState());
      float[] velocity = floats(in, header.velocity());
      float[] best = floats(in, header.parameters());
      float[] reference = floats(in, header.reference());
      SortedMap<Integer, float[]> localStates = new TreeMap<>();
      for (int worker = 0; worker < header.localWorkers(); worker++) {
        localStates.put(worker, floats(in, header.updaterState()));
      }
      return new Checkpoint(
          header.position(),
          new AveragingState(parameters, average, updaterState, velocity, localStates),
          best,
          reference);
    }
  }

  private static boolean endsWithItsDigest(Content content, long end) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] piece = new byte[CHUNK * Float.BYTES];
    try (InputStream in = content.open()) {
      for (long left = end; left > 0; ) {
        int read = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (read < 0) {
          return false;
        }
        digest.update(piece, 0, read);
        left -= read;
      }
      String said = new String(in.readNBytes(DIGEST), StandardCharsets.US_ASCII);
      return said.equals(Sha256.finish(digest));
    }
  }

  private static float[] floats(DataInputStream in, int length) throws IOException {
    float[] values = new float[length];
    byte[] bytes = new byte[Math.min(CHUNK, length) * Float.BYTES];
    FloatBuffer floats = floats(bytes);
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      in.readFully(bytes, 0, count * Float.BYTES);
      floats.get(0, values, from, count);
    }
    return values;
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
