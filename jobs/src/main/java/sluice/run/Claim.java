package sluice.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * What stands in a file of {@code _lease/}.
 *
 * @param owner unique to one holding of the run
 * @param state whether the owner still wants it
 * @param host for a reader
 * @param processTable what {@code pid} is a number in
 * @param pid of the owner
 * @param processStartedMillis when that process started, 0 if unknown
 * @param since when the run was taken, ISO-8601
 * @param heartbeatMillis when the owner last said that it lives, since 1970
 * @param expiryMillis how long after that it counts as gone
 */
record Claim(
    String owner,
    State state,
    String host,
    String processTable,
    long pid,
    long processStartedMillis,
    String since,
    long heartbeatMillis,
    long expiryMillis) {

  /** Whether the owner still wants the run. */
  enum State {
    HELD,
    RELEASED;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Claim of(String owner, Instant now, long expiryMillis) {
    return new Claim(
        owner,
        State.HELD,
        Machine.host(),
        Machine.processTable(),
        ProcessHandle.current().pid(),
        Machine.processStartedMillis(),
        now.toString(),
        now.toEpochMilli(),
        expiryMillis);
  }

  Claim beating(Instant now) {
    return with(state, now.toEpochMilli());
  }

  Claim released() {
    return with(State.RELEASED, heartbeatMillis);
  }

  private Claim with(State newState, long newHeartbeatMillis) {
    return new Claim(
        owner,
        newState,
        host,
        processTable,
        pid,
        processStartedMillis,
        since,
        newHeartbeatMillis,
        expiryMillis);
  }

  boolean expired(Instant now) {
    return now.toEpochMilli() - heartbeatMillis > expiryMillis;
  }

  boolean inThisProcess() {
    return processTable.equals(Machine.processTable())
        && pid == ProcessHandle.current().pid()
        && Machine.isRunning(pid, processStartedMillis);
  }

  /** Whether the owner is known to have ended, whatever its last heartbeat says. */
  boolean ownerEnded() {
    return processTable.equals(Machine.processTable())
        && !Machine.isRunning(pid, processStartedMillis);
  }
}
