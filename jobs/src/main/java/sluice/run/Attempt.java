package sluice.run;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.data.StorageFault;

/**
 * One try at writing a stage, with the stages published together with it.
 *
 * <p>The job writes each stage below {@link #path(Stage)}, which does not exist yet, and then calls
 * {@link #publish}. Until then no reader sees anything of it; an attempt that is closed before, or
 * whose process dies, leaves the current output as it was and is removed.
 *
 * <p>Publishing writes the manifest of every stage first, then the pointers of the by-products, and
 * the leader's pointer last: that one replacement is the moment at which all of them change for
 * readers of {@link RunDirectory}. A program that reads {@code quarantine/_current.json} by itself
 * may, if the process is killed between two pointers, see the by-product of an attempt that was
 * never published, until the run is next held.
 */
public final class Attempt implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
  private static final Pattern ID = Pattern.compile("\\d{8}T\\d{9}Z-[0-9a-f]{8}");

  /** Sortable as text. */
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RunDirectory run;
  private final Lease lease;
  private final RunSettings settings;
  private final InstantSource clock;
  private final Stage leader;
  private final StageKey key;
  private final String id;
  private final Instant begun;
  private boolean ended;

  private Attempt(
      RunDirectory run,
      Lease lease,
      RunSettings settings,
      InstantSource clock,
      Stage leader,
      StageKey key) {
    this.run = run;
    this.lease = lease;
    this.settings = settings;
    this.clock = clock;
    this.leader = leader;
    this.key = key;
    this.begun = clock.instant();
    this.id = TIME.format(begun) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static Attempt begin(
      RunDirectory run,
      Lease lease,
      RunSettings settings,
      InstantSource clock,
      Stage leader,
      StageKey key) {
    if (leader.leader() != leader) {
      throw new IllegalArgumentException(leader + " is published with " + leader.leader());
    }
    Attempt attempt = new Attempt(run, lease, settings, clock, leader, key);
    lease.check();
    try {
      for (Stage stage : leader.group()) {
        run.storage().createDirectories(run.stagePath(stage));
        removeUnfinished(run, lease, stage);
        // Before any data, so that whatever is left of the attempt can be told from others' files.
        run.storage()
            .createNew(marker(run, stage, attempt.id), RunFile.json(new Owner(lease.owner())));
      }
      return attempt;
    } catch (IOException e) {
      throw StorageFault.of(e, run.stagePath(leader));
    }
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Sortable by time, and unique. */
  public String id() {
    return id;
  }

  /** Where to write the stage that the attempt was begun for. */
  public Path path() {
    return path(leader);
  }

  /**
   * Where to write one of the stages published together.
   *
   * @throws IllegalArgumentException if the stage is not one of them
   */
  public Path path(Stage stage) {
    if (stage.leader() != leader) {
      throw new IllegalArgumentException(stage + " is not published with " + leader);
    }
    return run.attemptPath(stage, id);
  }

  /**
   * Makes the attempt the current one of its stages, and removes attempts that are no longer kept,
   * but for predictions. When it throws, what was current still is.
   *
   * @param outcomes one for each stage published together
   * @return the leader's output
   * @throws RunHeld if the run is no longer held
   * @throws InvalidInput (configuration) if the storage is full
   */
  public Published publish(StageOutput... outcomes) {
    if (ended) {
      throw new IllegalStateException("attempt %s has ended".formatted(id));
    }
    List<Stage> stages = Arrays.stream(outcomes).map(StageOutput::stage).sorted().toList();
    if (!stages.equals(leader.group())) {
      throw new IllegalArgumentException(
          "one outcome each of %s, got %s".formatted(leader.group(), stages));
    }
    lease.check();
    try {
      Instant now = clock.instant();
      SortedMap<String, String> digests = new TreeMap<>();
      Map<Stage, StageManifest> manifests = new EnumMap<>(Stage.class);
      for (StageOutput outcome : outcomes) {
        StageManifest manifest = manifest(outcome, now);
        byte[] bytes = RunFile.json(manifest);
        run.storage().createDirectories(path(outcome.stage()));
        run.storage().replace(new Path(path(outcome.stage()), StageManifest.NAME), bytes);
        manifests.put(outcome.stage(), manifest);
        digests.put(outcome.stage().directory(), Sha256.hexOf(bytes));
      }
      List<String> kept = keptBefore();
      byte[] pointer = RunFile.json(new Pointer(Pointer.FORMAT, id, digests, kept));
      lease.check();
      for (Stage stage : leader.group().stream().filter(stage -> stage != leader).toList()) {
        run.storage().replace(run.pointerPath(stage), pointer);
      }
      run.storage().replace(run.pointerPath(leader), pointer);
      ended = true;
      if (!leader.staysUntilPruned()) {
        removeUnkept(kept);
      }
      return new Published(leader, id, path(), Objects.requireNonNull(manifests.get(leader)));
    } catch (IOException e) {
      throw StorageFault.of(e, path());
    }
  }

  /** Removes what was written, unless it was published. */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    for (Stage stage : leader.group()) {
      try {
        remove(run, stage, id);
      } catch (IOException e) {
        LOG.warn("{}: not removed yet, the next run will: {}", path(stage), e.toString());
      }
    }
  }

  private StageManifest manifest(StageOutput outcome, Instant now) throws IOException {
    Path path = path(outcome.stage());
    return new StageManifest(
        StageManifest.FORMAT,
        outcome.stage(),
        id,
        leader.group(),
        key,
        new TreeMap<>(outcome.rows()),
        outcome.content(),
        new TreeMap<>(outcome.facts()),
        run.outputFiles(path),
        Duration.between(begun, now).toMillis() / 1000.0,
        now.toString(),
        Machine.facts());
  }

  /** Earlier published attempts that stay; none if the pointer that knew them is unreadable. */
  private List<String> keptBefore() throws IOException {
    Optional<Pointer> before;
    try {
      before = run.pointer(leader);
    } catch (InvalidInput e) {
      LOG.warn("{}; it is replaced", e.getMessage());
      return List.of();
    }
    if (before.isEmpty()) {
      return List.of();
    }
    List<String> earlier = new ArrayList<>(List.of(before.get().attempt()));
    earlier.addAll(before.get().earlier());
    return List.copyOf(earlier.subList(0, Math.min(earlier.size(), settings.keepAttempts() - 1)));
  }

  /**
   * Removes attempts without a manifest whose process is gone: as the run is held, all but our own.
   */
  static void removeUnfinished(RunDirectory run, Lease lease, Stage stage) throws IOException {
    for (String other : ours(run, stage)) {
      if (!isPublished(run, stage, other) && !ownedBy(run, lease.owner(), stage, other)) {
        LOG.info("{}: removed, it was never finished", run.attemptPath(stage, other));
        remove(run, stage, other);
      }
    }
  }

  /**
   * Removes the published attempts of a stage that its pointer does not keep.
   *
   * @return how many
   */
  static int removeEarlier(RunDirectory run, Stage stage) throws IOException {
    Optional<Pointer> pointer = run.pointer(stage);
    int removed = 0;
    for (String other : ours(run, stage)) {
      if (pointer.isPresent()
          && !pointer.get().attempt().equals(other)
          && !pointer.get().earlier().contains(other)
          && isPublished(run, stage, other)) {
        remove(run, stage, other);
        removed++;
      }
    }
    return removed;
  }

  /** Removes every attempt of a stage, as far as it is ours. */
  static void removeAll(RunDirectory run, Stage stage) throws IOException {
    for (String other : ours(run, stage)) {
      remove(run, stage, other);
    }
  }

  private static boolean isPublished(RunDirectory run, Stage stage, String other)
      throws IOException {
    return run.storage()
        .status(new Path(run.attemptPath(stage, other), StageManifest.NAME))
        .isPresent();
  }

  private void removeUnkept(List<String> kept) {
    for (Stage stage : leader.group()) {
      try {
        for (String other : ours(run, stage)) {
          if (!other.equals(id) && !kept.contains(other) && isPublished(run, stage, other)) {
            remove(run, stage, other);
          }
        }
      } catch (IOException e) {
        LOG.warn("{}: old attempts stay: {}", run.stagePath(stage), e.toString());
      }
    }
  }

  /** The attempts of this run at a stage: those that have a marker; other directories are not. */
  private static Set<String> ours(RunDirectory run, Stage stage) throws IOException {
    Set<String> ids = new LinkedHashSet<>();
    for (FileStatus entry : run.storage().list(run.stagePath(stage))) {
      String name = entry.getPath().getName();
      if (entry.isFile() && name.startsWith("_") && name.endsWith(".json")) {
        String other = name.substring(1, name.length() - ".json".length());
        if (isId(other)) {
          ids.add(other);
        }
      }
    }
    return ids;
  }

  private static boolean ownedBy(RunDirectory run, String owner, Stage stage, String other)
      throws IOException {
    Path marker = marker(run, stage, other);
    try {
      Optional<byte[]> bytes = run.storage().read(marker);
      return bytes.isPresent()
          && RunFile.value(bytes.get(), Owner.class, marker).owner().equals(owner);
    } catch (InvalidInput e) {
      // Cut short: its process died while it wrote the marker.
      return false;
    }
  }

  /** The data first, so that a removal cut short can be gone on with. */
  private static void remove(RunDirectory run, Stage stage, String other) throws IOException {
    run.removeAttempt(stage, other);
    run.storage().delete(marker(run, stage, other));
  }

  private static Path marker(RunDirectory run, Stage stage, String attempt) {
    return new Path(run.stagePath(stage), "_" + attempt + ".json");
  }

  /** What stands in the marker beside an attempt. */
  private record Owner(String owner) {}
}
