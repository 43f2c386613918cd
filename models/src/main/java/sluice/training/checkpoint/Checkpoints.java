package sluice.training.checkpoint;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;

/**
 * The checkpoints of one training, files in a directory of its own on any Hadoop file system. One
 * is written under another name and then renamed, so that a name stands for a whole file; one that
 * was cut short or changed all the same is refused, with its name in the log, and the one before is
 * used. A link is never followed: what it leads to belongs to somebody else.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PREFIX = "round-";

  private final Path directory;
  private final Configuration hadoop;
  private final String training;

  /** What {@link #save} writes: the latest finished round, and how many to keep. */
  private @Nullable Unwritten unwritten;

  private record Unwritten(Checkpoint checkpoint, int keep) {}

  /**
   * @param parent where trainings have their directories
   * @param training identifies what is trained, on what, and how, the kind of processor included: a
   *     name for a directory. Only a checkpoint of the same training is gone on from
   */
  public Checkpoints(Path parent, Configuration hadoop, String training) {
    this.directory = new Path(parent, training);
    this.hadoop = hadoop;
    this.training = training;
  }

  /** Deletes the checkpoints of this training. */
  public void clear() {
    try {
      clear(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete in " + directory, e);
    }
  }

  /** Deletes the checkpoints of other trainings with the same parent. */
  public void clearOthers() {
    try {
      for (FileStatus other : list(directory.getParent())) {
        if (other.isDirectory() && !other.getPath().getName().equals(training)) {
          clear(other.getPath());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete in " + directory.getParent(), e);
    }
  }

  /**
   * Deletes the checkpoints of a training, and its directory unless others have filed something.
   */
  private void clear(Path directory) throws IOException {
    List<FileStatus> there = list(directory);
    List<FileStatus> own = there.stream().filter(Checkpoints::isCheckpoint).toList();
    for (FileStatus file : own) {
      files().delete(file.getPath(), false);
    }
    if (!own.isEmpty() && own.size() == there.size()) {
      files().delete(directory, false);
    }
  }

  /** Whether it is one, or one that was cut short. */
  private static boolean isCheckpoint(FileStatus file) {
    String name = file.getPath().getName();
    return file.isFile() && (name.startsWith(PREFIX) || name.startsWith("." + PREFIX));
  }

  /** The latest checkpoint that is sound; the names of those that are not are logged. */
  public Optional<Checkpoint> latest() {
    for (Path file : sorted()) {
      try {
        Checkpoint checkpoint = read(file);
        LOG.info("train: goes on from {}", file);
        return Optional.of(checkpoint);
      } catch (InvalidInput e) {
        LOG.warn("{}; the one before is used", e.getMessage());
      } catch (IOException e) {
        LOG.warn("{}: the checkpoint cannot be read: {}; the one before is used", file, e);
      }
    }
    return Optional.empty();
  }

  /** The name of the latest; empty if there is none. */
  public Optional<Path> last() {
    return sorted().stream().findFirst();
  }

  /** Keeps a finished round in memory, for {@link #save}. */
  public synchronized void remember(Checkpoint checkpoint, int keep) {
    unwritten = new Unwritten(checkpoint, keep);
  }

  /**
   * Writes the latest finished round, unless it is written: for a process that is told to end. May
   * be called from any thread.
   *
   * @return the file; empty if there is nothing that is not written
   */
  public synchronized Optional<Path> save() {
    if (unwritten == null) {
      return Optional.empty();
    }
    return Optional.of(write(unwritten.checkpoint(), unwritten.keep()));
  }

  /** Writes one, and deletes all but the latest. */
  public synchronized Path write(Checkpoint checkpoint, int keep) {
    unwritten = null;
    Path file =
        new Path(
            directory,
            String.format(Locale.ROOT, "%s%09d", PREFIX, checkpoint.position().averagings()));
    Path temporary = new Path(directory, "." + file.getName() + ".tmp");
    try {
      FileSystem files = files();
      if (isLink(directory)) {
        throw InvalidInput.data(directory + ": must be a directory of the run itself, is a link");
      }
      try (FSDataOutputStream out = files.create(temporary, true)) {
        checkpoint.write(training, out);
        out.hsync();
      }
      files.delete(file, false);
      if (!files.rename(temporary, file)) {
        throw new IOException("cannot rename " + temporary);
      }
      List<Path> there = sorted();
      for (Path old : there.subList(Math.min(keep, there.size()), there.size())) {
        files.delete(old, false);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private Checkpoint read(Path file) throws IOException {
    FileSystem files = files();
    long length = files.getFileStatus(file).getLen();
    ForeignFile.requireSize(length, ForeignFile.mostArrays(), file.toString());
    return Checkpoint.read(
        () -> new BufferedInputStream(files.open(file)), length, training, file.toString());
  }

  /** The checkpoints there are, the latest first. */
  private List<Path> sorted() {
    try {
      return list(directory).stream()
          .filter(file -> file.isFile() && file.getPath().getName().startsWith(PREFIX))
          .map(FileStatus::getPath)
          .sorted(Comparator.comparing(Path::getName).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }

  /** What lies in a directory, links and what is behind them left out. */
  private List<FileStatus> list(Path path) throws IOException {
    try {
      return isLink(path)
          ? List.of()
          : Arrays.stream(files().listStatus(path))
              .filter(file -> !isLink(file.getPath()))
              .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** Only local disks have links. */
  private static boolean isLink(Path path) {
    URI uri = path.toUri();
    return (uri.getScheme() == null || uri.getScheme().equals("file"))
        && Files.isSymbolicLink(java.nio.file.Path.of(uri.getPath()));
  }

  private FileSystem files() throws IOException {
    return directory.getFileSystem(hadoop);
  }
}
