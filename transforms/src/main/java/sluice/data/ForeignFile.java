package sluice.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Files that anybody may have written, such as those of a bundle that came by mail. What is read of
 * one is bounded by the heap, whatever its length is said to be, and a file of a folder really lies
 * there: a link within the folder is followed, one that leads out of it is not, but for a
 * snapshot's to the blobs of its repository in Hugging Face's cache.
 */
public final class ForeignFile {
  private static final int OF_HEAP_FOR_TEXT = 16;
  private static final int OF_HEAP_FOR_NUMBERS = 2;

  /** What a Java array can hold for sure. */
  private static final long MOST_OF_AN_ARRAY = Integer.MAX_VALUE - 16;

  private ForeignFile() {}

  /** The most bytes of a file of JSON: a sixteenth of the heap, as objects take more than text. */
  public static long mostText() {
    return most(OF_HEAP_FOR_TEXT);
  }

  /** The most bytes of a file of numbers that is read into an array: half of the heap. */
  public static long mostNumbers() {
    return most(OF_HEAP_FOR_NUMBERS);
  }

  /** The most bytes of a file of numbers that is read into several arrays: half of the heap. */
  public static long mostArrays() {
    return Runtime.getRuntime().maxMemory() / OF_HEAP_FOR_NUMBERS;
  }

  private static long most(int ofHeap) {
    return Math.min(MOST_OF_AN_ARRAY, Runtime.getRuntime().maxMemory() / ofHeap);
  }

  /**
   * The content of a file of a local folder.
   *
   * @param folder that the file must lie in
   * @param name of the file in it
   * @param most bytes
   * @throws InvalidInput (data) if the file is larger, lies elsewhere or is no file
   */
  public static byte[] read(Path folder, String name, long most) throws IOException {
    Path file = folder.resolve(name);
    requireInFolder(file);
    requireSize(Files.size(file), most, file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, most, file.toString());
    }
  }

  /**
   * All that comes from a stream, which may hold more than its file was said to.
   *
   * @param most bytes
   * @param where the file, for messages
   * @throws InvalidInput (data) if there is more
   */
  public static byte[] read(InputStream in, long most, String where) throws IOException {
    byte[] bytes = in.readNBytes(Math.toIntExact(most + 1));
    requireSize(bytes.length, most, where);
    return bytes;
  }

  /**
   * Refuses what is too large to be read.
   *
   * @throws InvalidInput (data) if there are more bytes than that
   */
  public static void requireSize(long bytes, long most, String where) {
    if (bytes > most) {
      throw InvalidInput.data(
          String.format(
              Locale.ROOT,
              "%s: must have at most %,d bytes, which this process's heap can bear, got %s%,d",
              where,
              most,
              bytes == most + 1 ? "at least " : "",
              bytes));
    }
  }

  /**
   * Refuses what is no file of its folder.
   *
   * @param file a local path
   * @throws InvalidInput (data) if it is a link out of its folder, or a device or a pipe
   * @throws IOException if there is nothing, or it cannot be looked at
   */
  public static void requireInFolder(Path file) throws IOException {
    Path real = file.toRealPath();
    Path folder = file.resolveSibling("").toRealPath();
    if (!real.startsWith(folder) && !isBlob(real, folder)) {
      throw InvalidInput.data(
          "%s: must lie in its folder, is a link that leads to %s".formatted(file, real));
    }
    if (Files.readAttributes(real, java.nio.file.attribute.BasicFileAttributes.class).isOther()) {
      throw InvalidInput.data("%s: must be a file, is a device or a pipe".formatted(file));
    }
  }

  /**
   * Whether a file is among the blobs beside the snapshot that a folder is of. Hugging Face's cache
   * keeps contents in {@code REPOSITORY/blobs} and links to them in {@code
   * REPOSITORY/snapshots/COMMIT}. Both paths are real ones, so that the blobs cannot be a link.
   */
  private static boolean isBlob(Path real, Path folder) {
    for (Path snapshots = folder.getParent();
        snapshots != null;
        snapshots = snapshots.getParent()) {
      if (snapshots.endsWith("snapshots")) {
        return snapshots.resolveSibling("blobs").equals(real.getParent());
      }
    }
    return false;
  }
}
