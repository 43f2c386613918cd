package sluice.run;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.data.StorageFault;

/**
 * The models of a pipeline, as plain files beside its runs, on any file system that Hadoop knows:
 * which bundles were promoted, and which of them is in use.
 *
 * <pre>
 * &lt;runs-dir&gt;/_models/&lt;name&gt;/_lease/           who writes
 * &lt;runs-dir&gt;/_models/&lt;name&gt;/_current.json     which version is in use, and which were before
 * &lt;runs-dir&gt;/_models/&lt;name&gt;/000001/           the files of a bundle, and _version.json
 * </pre>
 *
 * A version is a copy of its own that never changes, so that it outlives its run. Putting one in
 * use replaces one small file: readers see the old version or the new one.
 */
public final class ModelRegistry {
  /** The directory beside the runs; no run can have this name. */
  public static final String DIRECTORY = "_models";

  private static final Pattern VERSION = Pattern.compile("\\d{6}");
  private static final int FORMAT = 1;

  private final Storage storage;
  private final Path root;
  private final Configuration hadoop;

  private ModelRegistry(Storage storage, Path root, Configuration hadoop) {
    this.storage = storage;
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * The registry of a pipeline; it may be empty.
   *
   * @param runsDir where runs are kept
   * @param name of the pipeline
   */
  public static ModelRegistry of(Path runsDir, String name, Configuration hadoop) {
    RunDirectory.checkName(name);
    Path root = new Path(new Path(runsDir, DIRECTORY), name);
    Storage storage = Storage.of(root, hadoop);
    return new ModelRegistry(storage, storage.qualified(root), hadoop);
  }

  /** The registry of the pipeline that a run is of. */
  public static ModelRegistry of(RunDirectory run, Configuration hadoop) {
    return of(run.runsDir(), run.name(), hadoop);
  }

  /** Every registry below a directory of runs, by name. */
  public static List<ModelRegistry> all(Path runsDir, Configuration hadoop) {
    Path models = new Path(runsDir, DIRECTORY);
    Storage storage = Storage.of(models, hadoop);
    try {
      List<ModelRegistry> all = new ArrayList<>();
      for (FileStatus entry : storage.list(models)) {
        if (entry.isDirectory()) {
          all.add(of(runsDir, entry.getPath().getName(), hadoop));
        }
      }
      return all;
    } catch (IOException e) {
      throw StorageFault.of(e, models);
    }
  }

  /**
   * How a version came into use.
   *
   * @param version its number
   * @param since ISO-8601, UTC
   * @param how {@code promoted} or {@code chosen}
   */
  public record Change(int version, String since, String how) {}

  /**
   * What stands in {@code _current.json}.
   *
   * @param changes every version that was in use, the latest last
   */
  private record Current(int format, List<Change> changes) {
    Current {
      if (format != FORMAT) {
        throw InvalidInput.data("format must be %d, got %d".formatted(FORMAT, format));
      }
      if (changes.isEmpty()) {
        throw InvalidInput.data("changes must not be empty");
      }
      changes = List.copyOf(changes);
    }
  }

  /** What a promotion came to. */
  public enum Promotion {
    /** It is in use from now on. */
    IN_USE,
    /** It was in use already. */
    UNCHANGED,
    /** A version of a later date is in use, and stays. */
    LATER_IN_USE,
    /** It was in use before another was put in its place, which stays. */
    REPLACED_BEFORE
  }

  /**
   * A version and what its promotion came to.
   *
   * @param inUse what is in use now
   */
  public record Promoted(ModelVersion version, Promotion promotion, ModelVersion inUse) {}

  /** The pipeline's name. */
  public String name() {
    return root.getName();
  }

  /** Where the files of a version lie. */
  public Path path(int version) {
    return new Path(root, String.format(Locale.ROOT, "%06d", version));
  }

  /**
   * The version in use; empty if none was ever.
   *
   * @throws InvalidInput (data) if the files are damaged
   */
  public Optional<ModelVersion> inUse() {
    List<Change> changes = changes();
    return changes.isEmpty()
        ? Optional.empty()
        : Optional.of(version(changes.get(changes.size() - 1).version()));
  }

  /** Every version that was in use, the latest last. */
  public List<Change> changes() {
    Path file = currentPath();
    try {
      return storage
          .read(file)
          .map(bytes -> RunFile.value(bytes, Current.class, file).changes())
          .orElse(List.of());
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
  }

  /**
   * The version that a bundle is to be compared with: the latest in use that is not the bundle
   * itself and, for a run of a date, not of that date or a later one. So it is the same before and
   * after the bundle is promoted.
   *
   * @param bundle the id
   * @param date of its run; null without one
   */
  public Optional<ModelVersion> before(String bundle, @Nullable LocalDate date) {
    List<Change> changes = changes();
    for (int i = changes.size() - 1; i >= 0; i--) {
      ModelVersion version = version(changes.get(i).version());
      if (!version.bundle().equals(bundle)
          && (date == null
              || version.date() == null
              || LocalDate.parse(version.date()).isBefore(date))) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /** Every version that is whole, by number. */
  public List<ModelVersion> versions() {
    try {
      List<ModelVersion> versions = new ArrayList<>();
      for (FileStatus entry : storage.list(root)) {
        if (VERSION.matcher(entry.getPath().getName()).matches()) {
          read(Integer.parseInt(entry.getPath().getName())).ifPresent(versions::add);
        }
      }
      versions.sort(Comparator.comparingInt(ModelVersion::version));
      return versions;
    } catch (IOException e) {
      throw StorageFault.of(e, root);
    }
  }

  /**
   * A version.
   *
   * @throws InvalidInput (configuration) if there is none of this number; (data) if it is damaged
   */
  public ModelVersion version(int number) {
    return read(number)
        .orElseThrow(
            () -> InvalidInput.configuration("%s: there is no version %d".formatted(root, number)));
  }

  private Optional<ModelVersion> read(int number) {
    Path file = new Path(path(number), ModelVersion.NAME);
    try {
      return storage.read(file).map(bytes -> RunFile.value(bytes, ModelVersion.class, file));
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
  }

  /**
   * The content of a version's file.
   *
   * @param most bytes
   * @throws InvalidInput (data) if it is not what was registered, or larger
   */
  public byte[] read(ModelVersion version, String name, long most) throws IOException {
    Path file = new Path(path(version.version()), name);
    byte[] content = RunFile.read(file, hadoop, most);
    String expected = version.files().get(name);
    String actual = Sha256.hexOf(content);
    if (!actual.equals(expected)) {
      throw InvalidInput.data(
          "%s: the SHA-256 must be %s as %s says, got %s"
              .formatted(file, expected, ModelVersion.NAME, actual));
    }
    return content;
  }

  /**
   * Registers a bundle, unless it is, and puts it in use, unless what is in use is of a later date
   * or has taken its place before.
   *
   * @throws InvalidInput (configuration) if another process is writing here
   */
  public Promoted promote(ModelVersion.Candidate candidate, InstantSource clock) {
    return held(
        clock,
        () -> {
          List<ModelVersion> versions = versions();
          Optional<ModelVersion> there =
              versions.stream()
                  .filter(version -> version.bundle().equals(candidate.bundle()))
                  .findFirst();
          ModelVersion own =
              there.isPresent()
                  ? there.get()
                  : register(candidate, next(versions), clock.instant());
          Optional<ModelVersion> inUse = inUse();
          Promotion promotion = promotion(own, inUse);
          if (promotion == Promotion.IN_USE) {
            putInUse(own, "promoted", clock.instant());
          }
          return new Promoted(
              own, promotion, promotion == Promotion.IN_USE ? own : inUse.orElseThrow());
        });
  }

  /**
   * Puts a version in use, whatever was.
   *
   * @return what was in use before; empty if nothing was
   * @throws InvalidInput (configuration) if there is no such version, it is in use already, or
   *     another process is writing here
   */
  public Optional<ModelVersion> use(int number, InstantSource clock) {
    return held(
        clock,
        () -> {
          ModelVersion chosen = version(number);
          Optional<ModelVersion> before = inUse();
          if (before.isPresent() && before.get().version() == number) {
            throw InvalidInput.configuration(
                "%s: version %d is in use already".formatted(root, number));
          }
          putInUse(chosen, "chosen", clock.instant());
          return before;
        });
  }

  /**
   * The version that was in use before the one that is.
   *
   * @throws InvalidInput (configuration) if there was none
   */
  public ModelVersion previous() {
    List<Change> changes = changes();
    if (changes.isEmpty()) {
      throw InvalidInput.configuration("%s: no version is in use".formatted(root));
    }
    int now = changes.get(changes.size() - 1).version();
    // What was rolled back from is not what a second step back leads to.
    List<Integer> path = new ArrayList<>();
    for (Change change : changes) {
      int at = path.indexOf(change.version());
      if (at >= 0) {
        path.subList(at + 1, path.size()).clear();
      } else {
        path.add(change.version());
      }
    }
    if (path.size() < 2) {
      throw InvalidInput.configuration(
          "%s: no version was in use before version %d".formatted(root, now));
    }
    return version(path.get(path.size() - 2));
  }

  private Promotion promotion(ModelVersion own, Optional<ModelVersion> inUse) {
    if (inUse.isEmpty()) {
      return Promotion.IN_USE;
    }
    if (inUse.get().version() == own.version()) {
      return Promotion.UNCHANGED;
    }
    if (changes().stream().anyMatch(change -> change.version() == own.version())) {
      return Promotion.REPLACED_BEFORE;
    }
    @Nullable String there = inUse.get().date();
    return own.date() != null
            && there != null
            && LocalDate.parse(there).isAfter(LocalDate.parse(own.date()))
        ? Promotion.LATER_IN_USE
        : Promotion.IN_USE;
  }

  private static int next(List<ModelVersion> versions) {
    return versions.isEmpty() ? 1 : versions.get(versions.size() - 1).version() + 1;
  }

  private ModelVersion register(ModelVersion.Candidate candidate, int number, Instant now)
      throws IOException {
    Path path = path(number);
    // What a killed process left of a version that it did not finish.
    storage.delete(path);
    storage.createDirectories(path);
    for (Map.Entry<String, byte[]> file : candidate.files().entrySet()) {
      storage.replace(new Path(path, file.getKey()), file.getValue());
    }
    ModelVersion version = candidate.as(number, now);
    storage.replace(new Path(path, ModelVersion.NAME), RunFile.json(version));
    return version;
  }

  private void putInUse(ModelVersion version, String how, Instant now) throws IOException {
    List<Change> changes = new ArrayList<>(changes());
    changes.add(new Change(version.version(), now.toString(), how));
    storage.replace(currentPath(), RunFile.json(new Current(FORMAT, changes)));
  }

  private Path currentPath() {
    return new Path(root, Pointer.NAME);
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T held(InstantSource clock, Work<T> work) {
    try (Lease lease = Lease.acquire(storage, root, RunSettings.DEFAULT.leaseExpiry(), clock)) {
      storage.deleteTemporaries(root, Pointer.NAME::equals);
      T result = work.run();
      lease.check();
      return result;
    } catch (IOException e) {
      throw StorageFault.of(e, root);
    }
  }
}
