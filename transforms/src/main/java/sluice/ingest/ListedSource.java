package sluice.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
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
      return new ListedSource(listing.files(), Map.of(), listing.notes());
    }
    List<SourceFile> files = new ArrayList<>();
    Map<String, Part> parts = new HashMap<>();
    Map<String, SourceFile> known = new HashMap<>();
    List<String> notes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    paths
        .parts()
        .forEach(
            (part, own) -> {
              try {
                FileListing listing = FileListing.of(own, hadoop);
                listing.notes().forEach(note -> notes.add(part.text() + ": " + note));
                for (SourceFile file : listing.files()) {
                  SourceFile other = known.putIfAbsent(file.real(), file);
                  if (other == null) {
                    parts.put(file.named(), part);
                    files.add(file);
                  } else {
                    problems.add(shared(other, parts.get(other.named()), file, part));
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

  private static String shared(
      SourceFile one, @Nullable Part onePart, SourceFile other, Part otherPart) {
    String as = one.address().equals(other.address()) ? "" : " as " + one.named();
    return "%s: must belong to one part, is given for %s%s and for %s"
        .formatted(
            other.named(), onePart == null ? "another" : onePart.text(), as, otherPart.text());
  }
}
