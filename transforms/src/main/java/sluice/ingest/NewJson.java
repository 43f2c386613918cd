package sluice.ingest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.ingest.TextRecords.Position;

/** Rows to be scored in JSON files: a record has the columns that it names. */
final class NewJson {
  private static final int MOST_COLUMNS = 10_000;

  private NewJson() {}

  static NewRows read(NewFiles files) {
    if (files.heads().isEmpty()) {
      return files.none();
    }
    JsonFiles.Names found =
        JsonFiles.names(files.spark(), files.settings(), files.heads().keySet(), MOST_COLUMNS);
    String where = files.settings().where();
    if (found.names().size() > MOST_COLUMNS) {
      throw InvalidInput.data(
          "%s: must have at most %,d names in its records, has more"
              .formatted(where, MOST_COLUMNS));
    }
    SortedSet<String> there = new TreeSet<>(found.names());
    there.addAll(files.folders().all());
    List<String> missing = files.missing(there);
    if (!found.anyRecord()) {
      // What is there is malformed, and tells nothing of columns.
      there.addAll(missing);
    } else if (!missing.isEmpty() && isWithoutAny(files, found.names())) {
      throw InvalidInput.data(
          missing.stream().map(name -> where + ": " + NewFiles.noColumn(name, there)).toList());
    } else {
      missing.forEach(
          name ->
              files
                  .source()
                  .notes()
                  .add(
                      "no record has the column %s, which is missing in each row%s"
                          .formatted(
                              name,
                              Nearest.to(name, there)
                                  .map(near -> "; is it %s?".formatted(near))
                                  .orElse(""))));
    }
    if (found.anyRecord()) {
      files.requireKept(there);
    }
    List<String> wanted = there.stream().filter(files::isWanted).toList();
    List<String> read = new ArrayList<>(wanted);
    read.removeIf(NewFiles::isReserved);
    files.missing(wanted).forEach(read::add);
    RawTable table =
        JsonFiles.read(
            files.spark(),
            files.settings().options(),
            files.texts(read),
            files.heads().keySet(),
            files.folders(),
            (rows, columns) -> rows.placed(columns, Position.RECORD));
    return files.rows(table, ordered(wanted, files));
  }

  private static boolean isWithoutAny(NewFiles files, Set<String> names) {
    return files.needed().names().stream().noneMatch(names::contains);
  }

  /** Columns of files that have no order of their own: as they were declared, then by name. */
  static Set<String> ordered(List<String> names, NewFiles files) {
    Set<String> ordered = new LinkedHashSet<>(files.declared().names());
    ordered.retainAll(names);
    ordered.addAll(new TreeSet<>(names));
    return ordered;
  }
}
