package sluice.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Sha256;

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
record Checkpoint(Position position, AveragingState state, float[] best, float[] reference) {
  private static final int FORMAT = 3;
  private static final int DIGEST = 64;

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
  record Position(
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
    Position {
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
    void check(int left, String where) {
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

  byte[] bytes(String training) {
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
    List<float[]> arrays = new ArrayList<>();
    arrays.add(state.parameters());
    arrays.add(state.average());
    arrays.add(state.updaterState());
    arrays.add(state.velocity());
    arrays.add(best);
    arrays.add(reference);
    arrays.addAll(state.localStates().values());
    long floats = arrays.stream().mapToLong(array -> array.length).sum();
    ByteBuffer buffer =
        ByteBuffer.allocate(
                Math.toIntExact(Integer.BYTES + header.length + Float.BYTES * floats + DIGEST))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(header.length).put(header);
    for (float[] array : arrays) {
      buffer.asFloatBuffer().put(array);
      buffer.position(buffer.position() + Float.BYTES * array.length);
    }
    byte[] bytes = buffer.array();
    String digest = Sha256.hexOf(Arrays.copyOf(bytes, bytes.length - DIGEST));
    buffer.put(digest.getBytes(StandardCharsets.US_ASCII));
    return bytes;
  }

  /**
   * Reads one.
   *
   * @param training that it must be of
   * @param where the file, for messages
   * @throws InvalidInput (data) if it was cut short or changed, or is of another training
   */
  static Checkpoint of(byte[] bytes, String training, String where) {
    int end = bytes.length - DIGEST;
    String actual = end < Integer.BYTES ? "" : Sha256.hexOf(Arrays.copyOf(bytes, end));
    String expected = end < 0 ? "" : new String(bytes, end, DIGEST, StandardCharsets.US_ASCII);
    if (actual.isEmpty() || !actual.equals(expected)) {
      throw InvalidInput.data(
          "%s: a checkpoint must end with the SHA-256 of what is before, was cut short or changed"
              .formatted(where));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = buffer.getInt();
    if (length < 0 || length > end - Integer.BYTES) {
      throw InvalidInput.data(
          "%s: the header must have between 0 and %d bytes, got %d"
              .formatted(where, end - Integer.BYTES, length));
    }
    byte[] json = new byte[length];
    buffer.get(json);
    Header header = Json.read(new String(json, StandardCharsets.UTF_8), Header.class, where);
    if (header.format() != FORMAT || !header.training().equals(training)) {
      throw InvalidInput.data(
          "%s: a checkpoint must be of format %d and of training %s, got format %d and training %s"
              .formatted(where, FORMAT, training, header.format(), header.training()));
    }
    header.check(end - buffer.position(), where);
    float[] parameters = floats(buffer, header.parameters());
    float[] average = floats(buffer, header.average());
    float[] updaterState = floats(buffer, header.updaterState());
    float[] velocity = floats(buffer, header.velocity());
    float[] best = floats(buffer, header.parameters());
    float[] reference = floats(buffer, header.reference());
    SortedMap<Integer, float[]> localStates = new TreeMap<>();
    for (int worker = 0; worker < header.localWorkers(); worker++) {
      localStates.put(worker, floats(buffer, header.updaterState()));
    }
    return new Checkpoint(
        header.position(),
        new AveragingState(parameters, average, updaterState, velocity, localStates),
        best,
        reference);
  }

  private static float[] floats(ByteBuffer buffer, int length) {
    float[] values = new float[length];
    buffer.asFloatBuffer().get(values);
    buffer.position(buffer.position() + Float.BYTES * length);
    return values;
  }
}
