package sluice.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import sluice.data.InvalidInput;
import sluice.split.Part;

/**
 * The files of a source.
 *
 * @param files sorted by address
 * @param parts by {@link SourceFile#named}, the part that a file was given for; empty if the split
 *     makes the parts
 * @param notes what a user should know of the files
 */
record ListedSource(List<SourceFile> files, Map<String, Part> parts, List<String> notes) {

  /**
   * Lists them.
   *
   * @throws InvalidInput (data) if a path leads to no file, a file belongs to two parts, or all
   *     files are empty
   */
  static ListedSource of(SourcePaths paths, Configuration hadoop) {
    if (!paths.byPart()) {
      FileListing listing = FileListing.of(paths.files(), hadoop);
      SourceFiles.requireContent(listing.files());
      return new ListedSource(listing.files(), Map.of(), listing.notes());
    }
    List<SourceFile> files = new ArrayList<>();
    Map<String, Part> parts = new HashMap<>();
    List<String> notes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    paths
        .parts()
        .forEach(
            (part, own) -> {
              try {
                FileListing listing = FileListing.of(own, hadoop);
                SourceFiles.requireContent(listing.files());
                listing.notes().forEach(note -> notes.add(part.text() + ": " + note));
                for (SourceFile file : listing.files()) {
                  Part other = parts.putIfAbsent(file.named(), part);
                  if (other == null) {
                    files.add(file);
                  } else {
                    problems.add(
                        "%s: must belong to one part, is given for %s and for %s"
                            .formatted(file.named(), other.text(), part.text()));
                  }
                }
              } catch (InvalidInput e) {
                e.problems().forEach(problem -> problems.add(part.text() + ": " + problem));
              }
            });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    files.sort(Comparator.comparing(SourceFile::address));
    return new ListedSource(files, parts, notes);
  }
}
