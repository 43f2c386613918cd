package sluice.ingest;

import java.util.function.Supplier;
import sluice.data.InvalidInput;

/** Whether what was there when a source was looked at still is. */
@FunctionalInterface
public interface Presence {
  /** Of what cannot vanish. */
  Presence ALWAYS = () -> {};

  /**
   * Fails if something has vanished.
   *
   * @throws InvalidInput (data) naming it
   */
  void require();

  /**
   * Does work that reads the source.
   *
   * @throws InvalidInput (data) if the work fails and something of the source has vanished; what
   *     the work itself throws otherwise
   */
  default <T> T during(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      require();
      throw e;
    }
  }
}
