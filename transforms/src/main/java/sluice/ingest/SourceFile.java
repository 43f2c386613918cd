package sluice.ingest;

import java.net.URI;
import org.apache.hadoop.fs.Path;

/**
 * A file that rows are read from.
 *
 * @param address its full address with escapes, as Spark writes it
 * @param name what stands behind the folder that was given, or behind that part of a pattern that
 *     has no wildcard: the same wherever this folder lies
 * @param bytes its length
 * @param modified when it was written, in milliseconds since 1970
 * @param real what tells it from others: on a local disk its path without symbolic links
 */
public record SourceFile(String address, String name, long bytes, long modified, String real) {
  /** Where it lies. */
  public Path path() {
    return new Path(URI.create(address));
  }

  /** Its name for people, see {@link SourceFiles#named(String)}. */
  String named() {
    return SourceFiles.named(address);
  }
}
