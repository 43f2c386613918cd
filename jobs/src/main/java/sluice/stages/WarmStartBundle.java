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
 * The bundle that a training takes its first parameters from.
 *
 * @param named where the configuration says that it is
 * @param path its directory
 * @param bundle whole and checked against its digests
 */
record WarmStartBundle(String named, Path path, ModelBundle bundle) {
  private static final String KEY = "train.warm-start.bundle";

  /**
   * The bundle that the configuration names; empty if it names none.
   *
   * @throws InvalidInput (data) if there is no bundle, or it is damaged
   */
  static Optional<WarmStartBundle> of(JobContext context) {
    @Nullable String named = context.config().train().warmStart().bundle();
    if (named == null) {
      return Optional.empty();
    }
    try {
      Path path = directory(new Path(named), context);
      ModelBundle bundle =
          ModelBundle.of(
              (name, most) -> RunFile.read(new Path(path, name), context.hadoop(), most),
              path.toString());
      return Optional.of(new WarmStartBundle(named, path, bundle));
    } catch (InvalidInput fault) {
      throw InvalidInput.data(
          fault.problems().stream().map(problem -> KEY + ": " + problem).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + named, e);
    }
  }

  /** The key and the place, for messages. */
  String where() {
    return KEY + ": " + named;
  }

  /** The directory of the bundle itself; the models of a run have one for each attempt. */
  private static Path directory(Path named, JobContext context) throws IOException {
    FileSystem files = named.getFileSystem(context.hadoop());
    if (files.exists(new Path(named, ModelBundle.INDEX))) {
      return named;
    }
    if (named.getParent() != null && named.getName().equals(Stage.MODEL.directory())) {
      Optional<Published> current =
          RunDirectory.open(named.getParent(), context.hadoop()).current(Stage.MODEL);
      if (current.isPresent()) {
        return current.get().path();
      }
    }
    throw InvalidInput.data(
        "%s: must be a directory with %s, or the directory %s of a run that was trained"
            .formatted(named, ModelBundle.INDEX, Stage.MODEL.directory()));
  }
}
