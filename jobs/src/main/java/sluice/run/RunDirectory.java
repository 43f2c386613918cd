package sluice.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.data.StorageFault;
import sluice.run.StageManifest.OutputFile;

/**
 * The directory {@code <runs-dir>/<name>}, or {@code <runs-dir>/<name>/date=<date>} of a dated run,
 * in which a run keeps its outputs, on any file system that Hadoop knows, as a reader sees it;
 * {@link #hold} gives what a writer needs.
 *
 * <pre>
 * _sluice.json                   says that the directory is ours
 * _lease/                        who holds it
 * _status.json                   what the last job came to
 * _logs/                         what jobs logged, if the run is on a local disk
 * &lt;stage&gt;/_current.json          the pointer: which attempt is current
 * &lt;stage&gt;/_&lt;attempt&gt;.json        says that the attempt beside it is ours, and whose
 * &lt;stage&gt;/&lt;attempt&gt;/            immutable data, and _manifest.json once it is complete
 * </pre>
 *
 * A reader sees the attempt that the pointer names or the one that it named before, complete in
 * either case, whenever a writer is killed. What the run did not write is never touched; a
 * directory of an attempt that was not finished is the run's as a whole.
 */
public final class RunDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final String MARKER = "_sluice.json";
  private static final String STATUS = "_status.json";
  private static final String DATE = "date=";
  private static final int FORMAT = 1;

  private final Storage storage;
  private final Path root;

  private RunDirectory(Storage storage, Path root) {
    this.storage = storage;
    this.root = root;
  }

  /** What stands in the file that says that a directory is ours. */
  private record Marker(String product, int format) {}

  /**
   * Opens a run directory that is there.
   *
   * @throws InvalidInput (configuration) if it is not, or is not one of ours
   */
  public static RunDirectory open(Path root, Configuration hadoop) {
    RunDirectory run = at(root, hadoop);
    try {
      if (run.isOurs()) {
        return run;
      }
      throw run.storage.status(run.root).isPresent()
          ? run.notOurs()
          : InvalidInput.configuration("%s: there is no such run directory".formatted(run.root));
    } catch (IOException e) {
      throw StorageFault.of(e, run.root);
    }
  }

  /**
   * Opens the directory of a run, making it if it is not there.
   *
   * @param runsDir where runs are kept, of any file system
   * @param name of the run: letters, digits, {@code . _ -}
   * @throws InvalidInput (configuration) if the name is not such a name, if there is a file in the
   *     way, if the directory cannot be made, or if it holds anything and is not one of ours; it is
   *     then left as it was
   */
  public static RunDirectory create(Path runsDir, String name, Configuration hadoop) {
    return create(runsDir, name, Optional.empty(), hadoop);
  }

  /**
   * Opens the directory of a run that may be a dated one, making it if it is not there.
   *
   * @param date the date besides the name; empty for a run without one
   * @throws InvalidInput as for a run without a date
   */
  public static RunDirectory create(
      Path runsDir, String name, Optional<LocalDate> date, Configuration hadoop) {
    checkName(name);
    Path named = new Path(runsDir, name);
    return create(at(date.map(day -> new Path(named, DATE + day)).orElse(named), hadoop));
  }

  /**
   * Opens the directory of the same pipeline at another date, making it if it is not there.
   *
   * @throws InvalidInput as for any run
   */
  public RunDirectory createAt(LocalDate other) {
    return create(at(other));
  }

  /** The directory of the same pipeline at another date, which may not be there. */
  public RunDirectory at(LocalDate other) {
    if (date().isEmpty()) {
      throw new IllegalStateException(root + " is not dated");
    }
    return new RunDirectory(storage, new Path(root.getParent(), DATE + other));
  }

  private static RunDirectory create(RunDirectory run) {
    try {
      run.refuseFileInTheWay();
      if (!run.isOurs()) {
        run.storage.createDirectories(run.root);
        // Looked at twice: another process may have made it ours in between.
        if (run.holdsAnything() && !run.isOurs()) {
          throw run.notOurs();
        }
        run.storage.replace(run.markerPath(), RunFile.json(new Marker("sluice", FORMAT)));
      }
      return run;
    } catch (IOException e) {
      throw StorageFault.of(e, run.root);
    }
  }

  /**
   * Checks the name of a run.
   *
   * @throws InvalidInput (configuration) if it is not one
   */
  public static void checkName(String name) {
    if (!NAME.matcher(name).matches() || name.chars().allMatch(c -> c == '.')) {
      throw InvalidInput.configuration(
          "the name of a run must be 1 to 200 letters, digits and . _ -, not dots alone, got '%s'"
              .formatted(name));
    }
  }

  /** Every run directory below a directory of runs, dated ones included, by name and date. */
  public static List<RunDirectory> all(Path runsDir, Configuration hadoop) {
    RunDirectory above = at(runsDir, hadoop);
    try {
      List<RunDirectory> all = new ArrayList<>();
      for (FileStatus entry : above.storage.list(above.root)) {
        RunDirectory run = new RunDirectory(above.storage, entry.getPath());
        if (run.isOurs()) {
          all.add(run);
        }
        if (entry.isDirectory() && !entry.getPath().getName().startsWith("_")) {
          for (FileStatus child : above.storage.list(entry.getPath())) {
            RunDirectory dated = new RunDirectory(above.storage, child.getPath());
            if (dated.date().isPresent() && dated.isOurs()) {
              all.add(dated);
            }
          }
        }
      }
      return all;
    } catch (IOException e) {
      throw StorageFault.of(e, above.root);
    }
  }

  /** The directory that this run lies in, with those of other pipelines. */
  public Path runsDir() {
    Path own = date().isPresent() ? root.getParent() : root;
    return own.getParent();
  }

  /** The name and, of a dated run, the date, as in {@code bank 2026-11-01}. */
  public String title() {
    return date().map(date -> name() + " " + date).orElseGet(this::name);
  }

  /** The directory, with its scheme. */
  public Path root() {
    return root;
  }

  /** The name of the run. */
  public String name() {
    return date().isPresent() ? root.getParent().getName() : root.getName();
  }

  /** The date of a dated run. */
  public Optional<LocalDate> date() {
    String last = root.getName();
    if (!last.startsWith(DATE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(last.substring(DATE.length())));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Takes the run for writing, until the result is closed.
   *
   * @throws RunHeld if another process holds it
   * @throws InvalidInput (configuration) if the directory is not writable
   */
  public HeldRun hold(RunSettings settings, InstantSource clock) {
    return HeldRun.hold(this, settings, clock);
  }

  /**
   * The complete output that is current for a stage; empty if none was ever published.
   *
   * @throws InvalidInput (data) naming the pointer or the manifest if it is damaged or missing
   */
  public Optional<Published> current(Stage stage) {
    try {
      Optional<Pointer> pointer = pointer(stage.leader());
      while (pointer.isPresent()) {
        Path path = attemptPath(stage, pointer.get().attempt());
        Path file = new Path(path, StageManifest.NAME);
        Optional<byte[]> bytes = storage.read(file);
        if (bytes.isPresent()) {
          return Optional.of(published(stage, pointer.get(), path, file, bytes.get()));
        }
        Optional<Pointer> again = pointer(stage.leader());
        if (again.equals(pointer)) {
          throw InvalidInput.data(
              "%s: missing, although %s names it".formatted(file, pointerPath(stage.leader())));
        }
        pointer = again;
      }
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFault.of(e, stagePath(stage));
    }
  }

  /**
   * The current output of a stage if a new one would be the same: its key is this one, and all its
   * files and those of the stages published together are there with the lengths recorded.
   *
   * @param stage a leader, as in {@link Stage#leader}
   * @throws InvalidInput (data) naming the pointer or the manifest if it is damaged or missing
   */
  public Optional<Published> unchanged(Stage stage, StageKey key) {
    Optional<Published> current = current(stage).filter(p -> p.manifest().key().equals(key));
    if (current.isEmpty()) {
      return current;
    }
    for (Stage sibling : stage.group()) {
      Optional<Published> other = current(sibling);
      if (other.isEmpty()
          || !other.get().attempt().equals(current.get().attempt())
          || !complete(other.get())) {
        return Optional.empty();
      }
    }
    return current;
  }

  /**
   * What the last job came to; empty if none has run.
   *
   * @throws InvalidInput (data) if the file is damaged
   */
  public Optional<RunStatus> status() {
    return read(new Path(root, STATUS), RunStatus.class);
  }

  Storage storage() {
    return storage;
  }

  Path stagePath(Stage stage) {
    return new Path(root, stage.directory());
  }

  Path attemptPath(Stage stage, String attempt) {
    return new Path(stagePath(stage), attempt);
  }

  Path pointerPath(Stage stage) {
    return new Path(stagePath(stage), Pointer.NAME);
  }

  Path statusPath() {
    return new Path(root, STATUS);
  }

  Optional<Pointer> pointer(Stage stage) {
    return read(pointerPath(stage), Pointer.class);
  }

  /** The files of an attempt but its manifest, with paths relative to it, in their order. */
  List<OutputFile> outputFiles(Path attempt) throws IOException {
    String prefix = storage.qualified(attempt).toUri().getPath() + "/";
    return storage.files(attempt).stream()
        .map(
            file ->
                new OutputFile(
                    file.getPath().toUri().getPath().substring(prefix.length()), file.getLen()))
        .filter(file -> !file.path().equals(StageManifest.NAME))
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .toList();
  }

  /**
   * Makes sure that whoever makes a stage writes into this directory.
   *
   * @throws InvalidInput (configuration) if the directory of a stage is a link
   */
  void requireOwnDirectories() {
    for (Stage stage : Stage.values()) {
      storage.requireNoLink(stagePath(stage));
    }
  }

  /**
   * Deletes an attempt: all of it if it was never finished, else what its manifest lists, so that a
   * file that somebody put there stays. What a link leads to stays too.
   */
  void removeAttempt(Stage stage, String attempt) throws IOException {
    Path path = attemptPath(stage, attempt);
    if (storage.isLink(path)) {
      storage.delete(path);
      return;
    }
    Path file = new Path(path, StageManifest.NAME);
    Optional<byte[]> bytes = storage.read(file);
    if (bytes.isEmpty()) {
      storage.delete(path);
      return;
    }
    StageManifest manifest;
    try {
      manifest = RunFile.value(bytes.get(), StageManifest.class, file);
    } catch (InvalidInput e) {
      LOG.warn("{}; the attempt stays", e.getMessage());
      return;
    }
    for (OutputFile output : manifest.files()) {
      // Joined as text: of two paths the second, if it named a file system, would win.
      Path written = new Path(path + "/" + output.path());
      if (isReachedByLink(path, written)) {
        LOG.warn("{}: stays, it is reached by a link", written);
      } else {
        storage.delete(written);
      }
    }
    storage.delete(file);
    deleteEmptyDirectories(path);
  }

  private boolean isReachedByLink(Path attempt, Path written) {
    for (Path directory = written.getParent();
        directory != null && !directory.equals(attempt);
        directory = directory.getParent()) {
      if (storage.isLink(directory)) {
        return true;
      }
    }
    return false;
  }

  /** Makes the pointers of by-products follow their leaders where a killed process left them. */
  void alignPointers() throws IOException {
    for (Stage stage : Stage.values()) {
      storage.deleteTemporaries(stagePath(stage), Pointer.NAME::equals);
      if (stage.leader() != stage) {
        alignPointer(stage);
      }
    }
    storage.deleteTemporaries(root, STATUS::equals);
  }

  private void alignPointer(Stage stage) throws IOException {
    Optional<byte[]> leading = storage.read(pointerPath(stage.leader()));
    Optional<byte[]> own = storage.read(pointerPath(stage));
    if (leading.isEmpty()) {
      storage.delete(pointerPath(stage));
    } else if (own.isEmpty() || !Arrays.equals(own.get(), leading.get())) {
      storage.replace(pointerPath(stage), leading.get());
    }
  }

  private static RunDirectory at(Path path, Configuration hadoop) {
    Storage storage = Storage.of(path, hadoop);
    return new RunDirectory(storage, storage.qualified(path));
  }

  private Path markerPath() {
    return new Path(root, MARKER);
  }

  private boolean isOurs() throws IOException {
    Optional<byte[]> bytes =
        storage.status(root).filter(FileStatus::isDirectory).isPresent()
            ? storage.read(markerPath())
            : Optional.empty();
    if (bytes.isEmpty()) {
      return false;
    }
    Marker marker = RunFile.value(bytes.get(), Marker.class, markerPath());
    if (marker.format() != FORMAT) {
      throw InvalidInput.configuration(
          "%s: this version reads run directories of format %d, got %d"
              .formatted(root, FORMAT, marker.format()));
    }
    return true;
  }

  private boolean holdsAnything() throws IOException {
    return storage.list(root).stream()
        .anyMatch(entry -> !Storage.isTemporary(entry.getPath(), MARKER::equals));
  }

  private InvalidInput notOurs() {
    return InvalidInput.configuration(
        "%s: must be new, empty or a run directory, but holds other files and no %s; nothing was"
                .formatted(root, MARKER)
            + " touched");
  }

  private void refuseFileInTheWay() throws IOException {
    for (Path path = root; path != null; path = path.getParent()) {
      Optional<FileStatus> status;
      try {
        status = storage.status(path);
      } catch (AccessControlException e) {
        throw e;
      } catch (IOException e) {
        // Some file systems fail, instead of saying that there is none, below a file.
        status = Optional.empty();
      }
      if (status.isPresent()) {
        if (!status.get().isDirectory()) {
          throw InvalidInput.configuration(
              path.equals(root)
                  ? "%s: must be a directory, but is a file".formatted(root)
                  : "%s: cannot be made, %s is a file".formatted(root, path));
        }
        return;
      }
    }
  }

  private Published published(Stage stage, Pointer pointer, Path path, Path file, byte[] bytes) {
    if (!Sha256.hexOf(bytes).equals(pointer.manifests().get(stage.directory()))) {
      throw InvalidInput.data(
          "%s: damaged, it is not what %s was written for"
              .formatted(file, pointerPath(stage.leader())));
    }
    return new Published(
        stage, pointer.attempt(), path, RunFile.value(bytes, StageManifest.class, file));
  }

  private boolean complete(Published published) {
    try {
      Set<OutputFile> there = new HashSet<>(outputFiles(published.path()));
      return there.containsAll(published.manifest().files());
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw StorageFault.of(e, published.path());
    }
  }

  /**
   * Deletes what is left of a run that has no outputs any more: empty directories, status, logs,
   * lease and, unless something else is there, the marker and the directory itself.
   *
   * @return whether nothing is left
   */
  boolean removeEmpty() throws IOException {
    for (Stage stage : Stage.values()) {
      deleteEmptyDirectories(stagePath(stage));
    }
    storage.delete(statusPath());
    RunLogs.remove(this, 0);
    boolean alone =
        storage.list(root).stream()
            .map(entry -> entry.getPath().getName())
            .allMatch(name -> name.equals(MARKER) || name.equals(Lease.DIRECTORY));
    if (alone) {
      storage.delete(new Path(root, Lease.DIRECTORY));
      storage.delete(markerPath());
      deleteEmptyDirectories(root);
    }
    return alone;
  }

  /** Deletes a directory that runs lie in, if it holds nothing any more. */
  public static void deleteIfEmpty(Path directory, Configuration hadoop) {
    Storage storage = Storage.of(directory, hadoop);
    try {
      if (storage.list(directory).isEmpty()) {
        storage.delete(directory);
      }
    } catch (IOException e) {
      throw StorageFault.of(e, directory);
    }
  }

  private void deleteEmptyDirectories(Path directory) throws IOException {
    for (FileStatus entry : storage.list(directory)) {
      if (entry.isDirectory() && !storage.isLink(entry.getPath())) {
        deleteEmptyDirectories(entry.getPath());
      }
    }
    if (storage.list(directory).isEmpty()) {
      storage.delete(directory);
    }
  }

  private <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return storage.read(file).map(bytes -> RunFile.value(bytes, type, file));
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
  }
}
