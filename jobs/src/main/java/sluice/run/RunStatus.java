package sluice.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the last job of a run came to, for schedulers and cluster managers that keep no exit code.
 * After a kill it goes on saying {@link State#RUNNING}; the lease tells whether anybody is there.
 *
 * @param job its name, as in {@code clean}
 * @param exitCode null while it runs
 * @param message one line or several for a reader; empty if there is nothing to say
 * @param started ISO-8601, UTC
 * @param ended ISO-8601, UTC; null while it runs
 */
public record RunStatus(
    String job,
    State state,
    @Nullable Integer exitCode,
    String message,
    String started,
    @Nullable String ended) {

  /** How far a job is. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    FAILED;

    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static RunStatus running(String job, Instant started) {
    return new RunStatus(job, State.RUNNING, null, "", started.toString(), null);
  }

  /** The same job, ended: succeeded if the exit code is 0. */
  public RunStatus ended(int exitCode, String message, Instant ended) {
    State state = exitCode == 0 ? State.SUCCEEDED : State.FAILED;
    return new RunStatus(job, state, exitCode, message, started, ended.toString());
  }
}
