package sluice.stages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.data.InvalidInput;
import sluice.jobs.JobContext;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunFile;
import sluice.run.Stage;

/**
 * A bundle that the configuration names as what a training starts from.
 *
 * @param key that names it
 * @param named where the configuration says that it is
 * @param path its directory
 * @param bundle whole and checked against its digests
 */
record NamedBundle(String key, String named, Path path, ModelBundle bundle) {
  /** What a message about a place without one ends with. */
  static final String NONE =
      ": must be a directory with %s, or a run that was trained, or its directory %s"
          .formatted(ModelBundle.INDEX, Stage.MODEL.directory());

  /**
   * The bundle that a training goes on from; empty if there is none.
   *
   * @throws InvalidInput (data) if there is no bundle where it should be, or it is damaged
   */
  static Optional<NamedBundle> toContinue(JobContext context) {
    return of(context, "train.warm-start.bundle", context.config().train().warmStart().bundle());
  }

  /**
   * What the configuration names.
   *
   * @param key that names it
   * @param named the place; null if there is none
   * @throws InvalidInput (data) if there is no bundle where it should be, or it is damaged
   */
  static Optional<NamedBundle> of(JobContext context, String key, @Nullable String named) {
    if (named == null) {
      return Optional.empty();
    }
    try {
      Path path = directory(new Path(named), context);
      ModelBundle bundle =
          ModelBundle.of(
              (name, most) -> RunFile.read(new Path(path, name), context.hadoop(), most),
              path.toString());
      return Optional.of(new NamedBundle(key, named, path, bundle));
    } catch (InvalidInput fault) {
      throw InvalidInput.data(
          fault.problems().stream().map(problem -> key + ": " + problem).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + named, e);
    }
  }

  /** The key and the place, for messages. */
  String where() {
    return key + ": " + named;
  }

  /** The directory of the bundle itself; a run has one for each attempt. */
  private static Path directory(Path named, JobContext context) throws IOException {
    FileSystem files = named.getFileSystem(context.hadoop());
    if (files.exists(new Path(named, ModelBundle.INDEX))) {
      return named;
    }
    boolean isModels = named.getName().equals(Stage.MODEL.directory());
    Path run = isModels && named.getParent() != null ? named.getParent() : named;
    if (files.exists(new Path(run, Stage.MODEL.directory()))) {
      Optional<Published> current = RunDirectory.open(run, context.hadoop()).current(Stage.MODEL);
      if (current.isPresent()) {
        return current.get().path();
      }
    }
    throw InvalidInput.data(named + NONE);
  }
}
