package sluice.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sluice.data.DatasetContract;

/**
 * The columns that rows may have, and which of them a CSV file has. Where its header does not say,
 * it has these, or those of them that its folders do not give, or, if it may, the same without the
 * label.
 *
 * @param declared in order
 * @param label what a file may lack: the columns that only the label is made of
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
      return Optional.of(named(head.columns(), accepted(inFolders)));
    }
    Map<Integer, List<String>> byWidth = new HashMap<>();
    accepted(inFolders).forEach(columns -> byWidth.putIfAbsent(columns.size(), columns));
    return head.widths().stream().filter(byWidth::containsKey).findFirst().map(byWidth::get);
  }

  /** What a file may have, the first of two as long as each other: its number of fields tells. */
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
   * A header in which each column without a name has the name of its place: programs that number
   * rows, as R and pandas do, write such a first column. Only where all other names agree does a
   * place tell what the column is; elsewhere it stays without a name.
   *
   * @param accepted the columns that a file may have, in order
   */
  static List<String> named(List<String> header, List<List<String>> accepted) {
    return accepted.stream().filter(columns -> agrees(header, columns)).findFirst().orElse(header);
  }

  private static boolean agrees(List<String> header, List<String> columns) {
    return header.size() == columns.size()
        && IntStream.range(0, header.size())
            .allMatch(i -> header.get(i).isBlank() || header.get(i).equals(columns.get(i)));
  }
}
