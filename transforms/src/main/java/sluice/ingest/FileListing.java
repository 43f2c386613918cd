package sluice.ingest;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import sluice.data.InvalidInput;

/**
 * The files behind paths, listed once, by the driver; Spark lists nothing itself.
 *
 * <p>A path leads to a file, to all files in a folder and the folders in it, or, as a pattern of
 * Hadoop's, to all that match. Where a file has the very name of a pattern, the path means this
 * file. A file counts once, however many paths and symbolic links lead to it. Names that begin with
 * an underscore or a dot are hidden, as those of Spark's own files are, but not {@code
 * _name=value}: in a folder they are passed over, and by a pattern unless it begins with that
 * character; a path that names a hidden file or folder leads to it. A file without a byte is passed
 * over, in every format.
 *
 * @param files sorted by address
 * @param notes a line about what the paths lead to and what is not read, if there is any
 */
public record FileListing(List<SourceFile> files, List<String> notes) {
  public FileListing {
    files = List.copyOf(files);
    notes = List.copyOf(notes);
  }

  /**
   * Lists the files.
   *
   * @param paths of any file systems
   * @throws InvalidInput (data) naming every path that leads to no file, every file whose name this
   *     process cannot tell, and all files if all are empty
   */
  public static FileListing of(List<String> paths, Configuration hadoop) {
    FileLister lister = new FileLister(SourceFiles.reading(hadoop));
    paths.forEach(lister::add);
    return lister.listing();
  }
}
