package sluice.run;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import sluice.data.StorageFault;

/**
 * What the jobs of a run have logged, {@code _logs/<time>-<job>.txt}, where the run lies on a local
 * disk. People read it; no output depends on it.
 */
final class RunLogs {
  static final String DIRECTORY = "_logs";
  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{9}Z-[a-z]+\\.txt");

  private RunLogs() {}

  /**
   * An empty file for the log of a job: in the run or, if that is not on a local disk, in the
   * directory of temporary files.
   *
   * @throws sluice.data.InvalidInput (configuration) if the directory of logs is a link or cannot
   *     be written to
   */
  static java.nio.file.Path create(RunDirectory run, String job, Instant time) {
    String name = Attempt.TIME.format(time) + "-" + job + ".txt";
    Path file = new Path(directory(run), name);
    try {
      Optional<java.nio.file.Path> local = run.storage().local(file);
      if (local.isEmpty()) {
        return Files.createTempFile("sluice-" + run.name() + "-", "-" + name);
      }
      run.storage().requireNoLink(directory(run));
      run.storage().createDirectories(directory(run));
      return Files.createFile(local.get());
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
  }

  /**
   * Removes all logs but the latest, and the directory if nothing is left there.
   *
   * @param kept how many stay
   */
  static void remove(RunDirectory run, int kept) throws IOException {
    Path directory = directory(run);
    if (run.storage().isLink(directory)) {
      return;
    }
    List<Path> logs =
        run.storage().list(directory).stream()
            .filter(FileStatus::isFile)
            .map(FileStatus::getPath)
            .filter(path -> NAME.matcher(path.getName()).matches())
            .toList();
    // By name, and so by time.
    for (Path log : logs.subList(0, Math.max(0, logs.size() - kept))) {
      run.storage().delete(log);
    }
    if (run.storage().list(directory).isEmpty()) {
      run.storage().delete(directory);
    }
  }

  private static Path directory(RunDirectory run) {
    return new Path(run.root(), DIRECTORY);
  }
}
