package sluice.run;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.data.StorageFault;

/**
 * The hold of one process on a run.
 *
 * <p>A holding is a file {@code _lease/<generation>.json}; the highest generation holds. To take
 * the run is to create the next generation, which the storage lets one process do; a release marks
 * the file and leaves it, so that a generation never comes twice and a taker that was asleep
 * between looking and creating finds a higher one and withdraws. A holder that has ended counts as
 * gone at once on its own host (its process number and the time that process started are compared),
 * elsewhere when no heartbeat came for the expiry; hosts must agree on the time within that.
 *
 * <p>A holder that was paused for longer finds in {@link #check} that it was replaced. Between that
 * check and the rename that publishes lie milliseconds, not zero: were a process stopped just there
 * and replaced, its rename would show its own attempt, which is whole.
 *
 * <p>An object store does not create exclusively: there the claim is read back after a while, and
 * of takers that met the last to write wins. That holds while an upload of a few hundred bytes
 * takes less than {@link #SETTLE}.
 */
final class Lease implements AutoCloseable {
  static final String DIRECTORY = "_lease";
  static final Duration SETTLE = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final Pattern FILE = Pattern.compile("(\\d{10})\\.json");
  private static final long LAST_GENERATION = 9_999_999_999L;
  private static final int HEARTBEATS_PER_EXPIRY = 4;

  /** Owners that live in this process, where the process number tells nothing. */
  private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

  private final Storage storage;
  private final Path root;
  private final long generation;
  private final InstantSource clock;
  private final Thread heartbeat;
  private final Claim claim;
  private boolean closed;

  private Lease(Storage storage, Path root, long generation, Claim claim, InstantSource clock) {
    this.storage = storage;
    this.root = root;
    this.generation = generation;
    this.claim = claim;
    this.clock = clock;
    this.heartbeat = new Thread(this::beatUntilClosed, "sluice-lease");
    heartbeat.setDaemon(true);
  }

  /**
   * Takes the run.
   *
   * @throws RunHeld naming the holder, if there is one
   * @throws InvalidInput (configuration) if its directory is a link
   */
  static Lease acquire(Storage storage, Path root, Duration expiry, InstantSource clock) {
    storage.requireNoLink(new Path(root, DIRECTORY));
    String owner = UUID.randomUUID().toString();
    LIVE.add(owner);
    Lease lease = null;
    try {
      storage.createDirectories(new Path(root, DIRECTORY));
      while (lease == null) {
        Instant now = clock.instant();
        long generation = nextGeneration(storage, root, expiry, now);
        Claim claim = Claim.of(owner, now, expiry.toMillis());
        lease = take(storage, root, generation, claim, clock).orElse(null);
      }
      deleteEarlier(storage, root, lease.generation);
      lease.heartbeat.start();
      return lease;
    } catch (IOException e) {
      throw StorageFault.of(e, new Path(root, DIRECTORY));
    } finally {
      if (lease == null) {
        LIVE.remove(owner);
      }
    }
  }

  /** Unique to this holding. */
  String owner() {
    return claim.owner();
  }

  /**
   * Makes sure that the run is still held.
   *
   * @throws RunHeld if another run has taken it
   */
  void check() {
    try {
      if (!held()) {
        throw new RunHeld(
            "%s: no longer held by this run: it was not heard of for more than %s and %s; nothing"
                    .formatted(root, seconds(claim.expiryMillis()), successor())
                + " more was published");
      }
    } catch (IOException e) {
      throw StorageFault.of(e, file(root, generation));
    }
  }

  /** Gives the run back. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    LIVE.remove(claim.owner());
    try {
      if (held()) {
        storage.replace(file(root, generation), RunFile.json(claim.released()));
      }
    } catch (IOException e) {
      LOG.warn("{}: the lease could not be given back and will expire", root, e);
    }
  }

  /** Who holds the run now, for a message; empty if nobody does. */
  static Optional<Claim> holder(Storage storage, Path root, InstantSource clock)
      throws IOException {
    long generation = highest(storage, root);
    Optional<Claim> claim = generation == 0 ? Optional.empty() : read(storage, root, generation);
    return claim.filter(c -> holds(c, clock.instant()));
  }

  /** The generation after the last one, which must not hold any more. */
  private static long nextGeneration(Storage storage, Path root, Duration expiry, Instant now)
      throws IOException {
    long last = highest(storage, root);
    Path file = file(root, last);
    if (last == LAST_GENERATION) {
      throw InvalidInput.data(
          "%s: the number of a lease must be below %d, got that one: it is none that counting reached, remove it"
              .formatted(file, LAST_GENERATION));
    }
    Optional<FileStatus> status = last == 0 ? Optional.empty() : storage.status(file);
    if (status.isEmpty()) {
      return last + 1;
    }
    Optional<Claim> claim = read(storage, root, last);
    if (claim.isPresent()) {
      if (holds(claim.get(), now)) {
        throw refusal(root, describe(claim.get()));
      }
    } else if (now.toEpochMilli() - status.get().getModificationTime() <= expiry.toMillis()) {
      // Being written, or left by a process killed in the middle of that.
      throw refusal(root, "a run that is just starting");
    }
    return last + 1;
  }

  private static RunHeld refusal(Path root, String holder) {
    return new RunHeld(
        "%s: one run at a time: it is held by %s; wait until that ends, or choose another"
                .formatted(root, holder)
            + " pipeline.name");
  }

  private static boolean holds(Claim claim, Instant now) {
    if (claim.state() == Claim.State.RELEASED || claim.expired(now) || claim.ownerEnded()) {
      return false;
    }
    return !claim.inThisProcess() || LIVE.contains(claim.owner());
  }

  private static Optional<Lease> take(
      Storage storage, Path root, long generation, Claim claim, InstantSource clock)
      throws IOException {
    Path file = file(root, generation);
    if (!storage.createNew(file, RunFile.json(claim))) {
      return Optional.empty();
    }
    if (!storage.exclusive()) {
      settle();
      Optional<Claim> winner = read(storage, root, generation);
      if (winner.filter(c -> c.owner().equals(claim.owner())).isEmpty()) {
        return Optional.empty();
      }
    }
    if (highest(storage, root) != generation) {
      storage.delete(file);
      return Optional.empty();
    }
    return Optional.of(new Lease(storage, root, generation, claim, clock));
  }

  private static void settle() throws IOException {
    try {
      Thread.sleep(SETTLE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while taking the lease", e);
    }
  }

  private static void deleteEarlier(Storage storage, Path root, long generation)
      throws IOException {
    Path directory = new Path(root, DIRECTORY);
    storage.deleteTemporaries(directory, target -> isEarlier(target, generation));
    for (FileStatus entry : storage.list(directory)) {
      if (isEarlier(entry.getPath().getName(), generation)) {
        storage.delete(entry.getPath());
      }
    }
  }

  private boolean held() throws IOException {
    return highest(storage, root) == generation
        && read(storage, root, generation).filter(c -> c.owner().equals(claim.owner())).isPresent();
  }

  private String successor() throws IOException {
    return holder(storage, root, clock)
        .map(other -> "is now held by " + describe(other))
        .orElse("was held by another run since");
  }

  private void beatUntilClosed() {
    while (true) {
      synchronized (this) {
        try {
          if (!closed) {
            wait(Math.max(1, claim.expiryMillis() / HEARTBEATS_PER_EXPIRY));
          }
        } catch (InterruptedException e) {
          return;
        }
        if (closed) {
          return;
        }
        try {
          if (!held()) {
            LOG.error("{}: the lease is lost; nothing more will be published", root);
            return;
          }
          storage.replace(file(root, generation), RunFile.json(claim.beating(clock.instant())));
        } catch (IOException e) {
          LOG.warn("{}: the heartbeat could not be written: {}", root, e.toString());
        }
      }
    }
  }

  private static long highest(Storage storage, Path root) throws IOException {
    long highest = 0;
    for (FileStatus entry : storage.list(new Path(root, DIRECTORY))) {
      highest = Math.max(highest, generation(entry.getPath().getName()));
    }
    return highest;
  }

  /** 0 for a name that is not a lease's. */
  private static long generation(String name) {
    Matcher lease = FILE.matcher(name);
    return lease.matches() ? Long.parseLong(lease.group(1)) : 0;
  }

  private static boolean isEarlier(String name, long generation) {
    long other = generation(name);
    return other > 0 && other < generation;
  }

  private static Path file(Path root, long generation) {
    return new Path(
        new Path(root, DIRECTORY), String.format(Locale.ROOT, "%010d.json", generation));
  }

  /** Empty also for a claim that is not whole. */
  private static Optional<Claim> read(Storage storage, Path root, long generation)
      throws IOException {
    Path file = file(root, generation);
    try {
      return storage.read(file).map(bytes -> RunFile.value(bytes, Claim.class, file));
    } catch (InvalidInput e) {
      return Optional.empty();
    }
  }

  private static String describe(Claim claim) {
    return "process %d on %s since %s".formatted(claim.pid(), claim.host(), claim.since());
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3g s", millis / 1000.0);
  }
}
