package sluice.run;

import java.time.Duration;
import sluice.data.InvalidInput;

/**
 * How a run directory is kept.
 *
 * @param keepAttempts published attempts of a stage that stay, the current one included (of
 *     predictions, when the run is pruned); at least 1, and 2 lets a reader finish that resolved
 *     the pointer just before it moved
 * @param leaseExpiry after this time without a heartbeat a run counts as gone; at least 100 ms
 */
public record RunSettings(int keepAttempts, Duration leaseExpiry) {
  public static final RunSettings DEFAULT = new RunSettings(2, Duration.ofSeconds(30));

  public RunSettings {
    if (keepAttempts < 1) {
      throw InvalidInput.configuration("keep-attempts must be at least 1, got " + keepAttempts);
    }
    if (leaseExpiry.toMillis() < 100) {
      throw InvalidInput.configuration(
          "lease-expiry must be at least 100 ms, got %d ms".formatted(leaseExpiry.toMillis()));
    }
  }
}
