package sluice.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.StorageFault;

/**
 * What a run directory needs of a file system, over any that Hadoop knows. How a small file is
 * replaced and how one is created by exactly one of many differs:
 *
 * <ul>
 *   <li>{@link LocalStorage} ({@code file}): a synced temporary file renamed over it; exclusive
 *       creation by the operating system.
 *   <li>{@link RenameStorage} ({@code hdfs}, {@code viewfs}): the same by Hadoop's atomic {@code
 *       rename(OVERWRITE)}; exclusive creation by the name node. Every other scheme would delete
 *       the target first.
 *   <li>{@link PutStorage} (all others, object stores above all, where a rename is a copy): one
 *       overwriting upload, seen whole or not at all; creation is <em>not</em> exclusive.
 * </ul>
 */
abstract sealed class Storage permits LocalStorage, RenameStorage, PutStorage {
  private static final Set<String> ATOMIC_RENAME = Set.of("hdfs", "viewfs");
  private static final Pattern TEMPORARY = Pattern.compile("\\.(.+\\.json)\\.[0-9a-f-]{36}\\.tmp");

  private final FileSystem fs;

  Storage(FileSystem fs) {
    this.fs = fs;
  }

  /**
   * The storage that a path lies on.
   *
   * @throws InvalidInput (configuration) if there is no file system for its scheme
   */
  static Storage of(Path path, Configuration hadoop) {
    try {
      FileSystem fs = path.getFileSystem(hadoop);
      String scheme = fs.getUri().getScheme();
      if (scheme.equals("file")) {
        // Below the checksums: they live in a second file that cannot be replaced together with it.
        return new LocalStorage(fs instanceof LocalFileSystem local ? local.getRaw() : fs);
      }
      return ATOMIC_RENAME.contains(scheme) ? new RenameStorage(fs, hadoop) : new PutStorage(fs);
    } catch (UnsupportedFileSystemException e) {
      throw InvalidInput.configuration("%s: %s".formatted(path, e.getMessage()));
    } catch (IOException e) {
      throw StorageFault.of(e, path);
    }
  }

  final FileSystem fs() {
    return fs;
  }

  /** The path with its scheme, authority and all directories. */
  Path qualified(Path path) {
    return fs.makeQualified(path);
  }

  /**
   * Makes the file hold these bytes: a reader sees the old ones or the new ones, whole, and after a
   * failure the old ones are still there.
   */
  abstract void replace(Path file, byte[] bytes) throws IOException;

  /**
   * Creates the file unless it is there.
   *
   * @return false if it was there, or if another process created it first
   */
  abstract boolean createNew(Path file, byte[] bytes) throws IOException;

  /** Whether {@link #createNew} says true to one process only. */
  abstract boolean exclusive();

  void createDirectories(Path directory) throws IOException {
    if (!fs.mkdirs(directory)) {
      throw new IOException("the directory cannot be created");
    }
  }

  final Optional<FileStatus> status(Path path) throws IOException {
    try {
      return Optional.of(fs.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The same path for {@code java.nio}; empty if it is not on a local disk. */
  Optional<java.nio.file.Path> local(Path path) {
    return Optional.empty();
  }

  /** Whether a path is a link to another; object stores and HDFS have none. */
  boolean isLink(Path path) {
    return false;
  }

  /**
   * Makes sure that what is written into a directory stays where it is.
   *
   * @throws InvalidInput (configuration) if it is a link
   */
  final void requireNoLink(Path directory) {
    if (isLink(directory)) {
      throw InvalidInput.configuration(
          "%s: must be a directory itself, is a link; nothing was touched".formatted(directory));
    }
  }

  /** Refuses what could be read without end. */
  void requireFile(Path file) {}

  /**
   * The bytes of a small file; empty if there is none.
   *
   * @throws InvalidInput (data) if it is larger than any that a run holds, or no file
   */
  final Optional<byte[]> read(Path file) throws IOException {
    requireFile(file);
    try (var in = fs.open(file)) {
      return Optional.of(ForeignFile.read(in, ForeignFile.mostText(), file.toString()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** What a directory holds, by name; nothing if it is not there. */
  final List<FileStatus> list(Path directory) throws IOException {
    try {
      FileStatus[] entries = fs.listStatus(directory);
      Arrays.sort(entries, Comparator.comparing(entry -> entry.getPath().getName()));
      return List.of(entries);
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** The files below a directory, depth first and by name; links are none. */
  final List<FileStatus> files(Path directory) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus entry : list(directory)) {
      if (isLink(entry.getPath())) {
        continue;
      }
      if (entry.isDirectory()) {
        files.addAll(files(entry.getPath()));
      } else {
        files.add(entry);
      }
    }
    return files;
  }

  /**
   * Deletes a file, or a directory with all that it holds; nothing if it is not there. Of a link
   * the link alone goes.
   */
  final void delete(Path path) throws IOException {
    if (!fs.delete(path, true) && status(path).isPresent()) {
      throw new IOException("cannot be deleted");
    }
  }

  /** Removes what a killed {@link #replace} of one of these files left beside it. */
  final void deleteTemporaries(Path directory, Predicate<String> target) throws IOException {
    for (FileStatus entry : list(directory)) {
      if (entry.isFile() && isTemporary(entry.getPath(), target)) {
        delete(entry.getPath());
      }
    }
  }

  static Path temporary(Path file) {
    return new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID() + ".tmp");
  }

  /** Whether a file is what {@link #replace} writes before it replaces such a target. */
  static boolean isTemporary(Path path, Predicate<String> target) {
    Matcher temporary = TEMPORARY.matcher(path.getName());
    return temporary.matches() && target.test(temporary.group(1));
  }
}
