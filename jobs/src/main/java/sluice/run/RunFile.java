package sluice.run;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Json;

/**
 * Files of a run, a registry or a bundle that are read whole, on any file system, whoever wrote
 * them; the small ones hold a value as JSON.
 */
public final class RunFile {
  private RunFile() {}

  /** The content of a small file that holds a value. */
  static byte[] json(Object value) {
    return Json.write(value).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The value that a small file holds.
   *
   * @param file where the content is from, for messages
   * @throws InvalidInput (data) if it is not such a value
   */
  static <T> T value(byte[] json, Class<T> type, Path file) {
    return Json.read(new String(json, StandardCharsets.UTF_8), type, file.toString());
  }

  /**
   * The content of a file.
   *
   * @param most bytes
   * @throws InvalidInput (data) if it is larger or, on a local disk, leads out of its folder
   * @throws IOException if it cannot be read
   */
  public static byte[] read(Path file, Configuration hadoop, long most) throws IOException {
    FileSystem files = file.getFileSystem(hadoop);
    URI place = files.makeQualified(file).toUri();
    if (place.getScheme().equals("file")) {
      ForeignFile.requireInFolder(java.nio.file.Path.of(place.getPath()));
    }
    ForeignFile.requireSize(files.getFileStatus(file).getLen(), most, file.toString());
    try (InputStream in = files.open(file)) {
      return ForeignFile.read(in, most, file.toString());
    }
  }
}
