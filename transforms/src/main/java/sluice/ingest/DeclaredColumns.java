package sluice.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.data.DatasetContract;

/**
 * The columns that rows may have, and which of them a CSV file has. Without a header it has these,
 * or those of them that its folders do not give, or, if it may, the same without the label.
 *
 * @param declared in order
 * @param label what a file without a header may lack: the columns that only the label is made of
 */
record DeclaredColumns(List<String> declared, Set<String> label) {
  DeclaredColumns {
    declared = List.copyOf(declared);
    label = Set.copyOf(label);
  }

  /** The same where no file may lack a column that is needed. */
  DeclaredColumns needing(DatasetContract needed) {
    return new DeclaredColumns(
        declared, label.stream().filter(name -> !needed.has(name)).collect(Collectors.toSet()));
  }

  /**
   * The columns of a file, in its order.
   *
   * @param inFolders the declared columns that its folders have values for
   * @return empty if it has no header, and the first of its well-formed records have other numbers
   *     of fields
   */
  Optional<List<String>> of(FileHead head, boolean header, Set<String> inFolders) {
    if (header) {
      List<String> names = head.columns();
      return Optional.of(
          named(names, names.size() == declared.size() ? declared : without(inFolders)));
    }
    Map<Integer, List<String>> byWidth = new HashMap<>();
    accepted(inFolders).forEach(columns -> byWidth.putIfAbsent(columns.size(), columns));
    return head.widths().stream().filter(byWidth::containsKey).findFirst().map(byWidth::get);
  }

  /** What a file without a header may have, the first of two as long as each other. */
  List<List<String>> accepted(Set<String> inFolders) {
    List<List<String>> accepted = new ArrayList<>();
    accepted.add(declared);
    accepted.add(without(inFolders));
    accepted.add(without(inFolders).stream().filter(name -> !label.contains(name)).toList());
    return accepted.stream().distinct().toList();
  }

  /** The declared columns without some. */
  List<String> without(Set<String> columns) {
    return declared.stream().filter(name -> !columns.contains(name)).toList();
  }

  /**
   * A header in which each column without a name has the name that the schema gives its place: so
   * the first column is written by programs that number rows, as R and pandas do.
   */
  static List<String> named(List<String> header, List<String> schema) {
    if (header.size() != schema.size()) {
      return header;
    }
    List<String> names = new ArrayList<>(header);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank() && !header.contains(schema.get(i))) {
        names.set(i, schema.get(i));
      }
    }
    return names;
  }
}
