package sluice.data;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file that a configuration names, wherever Hadoop finds it, as it finds {@code ingest.path}. */
public final class NamedFile {
  private NamedFile() {}

  /**
   * Its content.
   *
   * @param most bytes
   * @throws InvalidInput (configuration) if there is no such file, it cannot be read, or is larger
   */
  public static byte[] read(String named, long most, Configuration hadoop) {
    try (InputStream in = open(new Path(named), hadoop)) {
      return ForeignFile.read(in, most, named);
    } catch (IOException | IllegalArgumentException e) {
      throw InvalidInput.configuration(
          "%s: must be a file, cannot be read: %s".formatted(named, e));
    } catch (InvalidInput tooLarge) {
      throw InvalidInput.configuration(tooLarge.problems());
    }
  }

  private static InputStream open(Path path, Configuration hadoop) throws IOException {
    return path.getFileSystem(hadoop).open(path);
  }
}
