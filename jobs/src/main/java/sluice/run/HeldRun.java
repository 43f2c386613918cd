package sluice.run;

import java.io.IOException;
import java.time.InstantSource;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.data.StorageFault;

/**
 * A run directory held for writing: no other process can hold it until this is closed, or its
 * process has ended.
 */
public final class HeldRun implements AutoCloseable {
  private final RunDirectory run;
  private final Lease lease;
  private final RunSettings settings;
  private final InstantSource clock;

  private HeldRun(RunDirectory run, Lease lease, RunSettings settings, InstantSource clock) {
    this.run = run;
    this.lease = lease;
    this.settings = settings;
    this.clock = clock;
  }

  static HeldRun hold(RunDirectory run, RunSettings settings, InstantSource clock) {
    run.requireOwnDirectories();
    Lease lease = Lease.acquire(run.storage(), run.root(), settings.leaseExpiry(), clock);
    HeldRun held = new HeldRun(run, lease, settings, clock);
    try {
      run.alignPointers();
      return held;
    } catch (IOException e) {
      held.close();
      throw StorageFault.of(e, run.root());
    }
  }

  /** The directory, for reading. */
  public RunDirectory directory() {
    return run;
  }

  /**
   * Begins to write a stage, with those published together with it, and removes what killed
   * processes left unfinished there.
   *
   * @param stage a leader, as in {@link Stage#leader}
   * @param key what decides the output
   * @throws RunHeld if the run is no longer held
   * @throws InvalidInput (configuration) if the storage is full
   */
  public Attempt begin(Stage stage, StageKey key) {
    return Attempt.begin(run, lease, settings, clock, stage, key);
  }

  /**
   * Records what a job is doing, or came to, in {@code _status.json}.
   *
   * @throws RunHeld if the run is no longer held
   * @throws InvalidInput (configuration) if the storage is full
   */
  public void report(RunStatus status) {
    lease.check();
    Path file = run.statusPath();
    try {
      run.storage().replace(file, RunFile.json(status));
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
  }

  /**
   * Removes what killed processes left unfinished, of every stage.
   *
   * @throws RunHeld if the run is no longer held
   */
  public void removeUnfinished() {
    lease.check();
    try {
      for (Stage stage : Stage.values()) {
        Attempt.removeUnfinished(run, lease, stage);
      }
    } catch (IOException e) {
      throw StorageFault.of(e, run.root());
    }
  }

  /**
   * Removes predictions but for the current ones and as many before them as other stages keep.
   *
   * @return how many
   * @throws RunHeld if the run is no longer held
   * @throws InvalidInput (data) if the pointer to the current ones is damaged
   */
  public int removePredictions() {
    lease.check();
    try {
      return Attempt.removeEarlier(run, Stage.PREDICTIONS);
    } catch (IOException e) {
      throw StorageFault.of(e, run.stagePath(Stage.PREDICTIONS));
    }
  }

  /**
   * An empty file for what a job logs, which its process alone writes: in the run, or in the
   * directory of temporary files if the run is not on a local disk.
   *
   * @param job its name, as in {@code clean}
   * @throws RunHeld if the run is no longer held
   * @throws InvalidInput (configuration) if there can be no such file
   */
  public java.nio.file.Path createLog(String job) {
    lease.check();
    return RunLogs.create(run, job, clock.instant());
  }

  /**
   * Removes the logs of jobs but for the latest.
   *
   * @param kept how many stay
   * @throws RunHeld if the run is no longer held
   */
  public void removeLogs(int kept) {
    lease.check();
    try {
      RunLogs.remove(run, kept);
    } catch (IOException e) {
      throw StorageFault.of(e, run.root());
    }
  }

  /**
   * Removes the run: every output, pointer, checkpoint and log, and the directory, unless somebody
   * has filed something there, which stays. The run is no longer held then.
   *
   * @return whether nothing is left
   * @throws RunHeld if the run is no longer held
   */
  public boolean discard() {
    lease.check();
    try {
      for (Stage stage : Stage.values()) {
        // The pointer first: nobody must find what is being removed.
        run.storage().delete(run.pointerPath(stage));
      }
      for (Stage stage : Stage.values()) {
        Attempt.removeAll(run, stage);
      }
      lease.close();
      return run.removeEmpty();
    } catch (IOException e) {
      throw StorageFault.of(e, run.root());
    }
  }

  /** Gives the run back. */
  @Override
  public void close() {
    lease.close();
  }
}
