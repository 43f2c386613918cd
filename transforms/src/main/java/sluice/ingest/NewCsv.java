package sluice.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.ingest.TextRecords.Position;

/** Rows to be scored in CSV files, each with its own header or without one. */
final class NewCsv {
  private final NewFiles files;
  private final DeclaredColumns declared;
  private final boolean header;

  private NewCsv(NewFiles files, DeclaredColumns declared) {
    this.files = files;
    this.declared = declared;
    this.header = files.settings().isSet("header");
  }

  static NewRows read(NewFiles files, DeclaredColumns declared) {
    return new NewCsv(files, declared).read();
  }

  private NewRows read() {
    if (files.heads().isEmpty()) {
      return files.none();
    }
    Map<SourceFile, List<String>> columns = columns();
    Set<String> all = new LinkedHashSet<>();
    columns.values().forEach(all::addAll);
    all.addAll(files.inFolders());
    files.requireKept(all);
    RawTable table =
        files
            .folders()
            .read(
                files.texts(files.inFolders()),
                files.heads(),
                (group, given) -> table(group.keySet(), columns));
    return files.rows(table, all);
  }

  /** The columns of each file. */
  private Map<SourceFile, List<String>> columns() {
    Map<SourceFile, List<String>> columns = new HashMap<>();
    List<String> problems = new ArrayList<>();
    files
        .heads()
        .forEach(
            (file, head) -> {
              Set<String> inFolders = files.folders().of(file);
              Optional<List<String>> own = declared.of(head, header, inFolders);
              // Of a file of malformed records nothing is known, and nothing comes.
              List<String> names = own.orElseGet(() -> List.copyOf(declared.without(inFolders)));
              columns.put(file, names);
              (own.isEmpty() && !head.widths().isEmpty()
                      ? List.of(otherWidth(head, inFolders))
                      : problems(names, inFolders))
                  .forEach(problem -> problems.add(file.named() + ": " + problem));
            });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return columns;
  }

  private String otherWidth(FileHead head, Set<String> inFolders) {
    return "%d fields without a header, must be %s"
        .formatted(
            head.widths().get(0),
            declared.accepted(inFolders).stream()
                .map(columns -> columns.size() + ": " + columns)
                .collect(Collectors.joining(" or ")));
  }

  private List<String> problems(List<String> names, Set<String> inFolders) {
    if (names.isEmpty() && header) {
      return List.of("the file is empty, must have a header");
    }
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    names.stream()
        .filter(name -> !NewFiles.isReserved(name) && !seen.add(name))
        .distinct()
        .forEach(name -> problems.add("header has column %s twice".formatted(name)));
    Set<String> there = new LinkedHashSet<>(names);
    there.addAll(new TreeSet<>(inFolders));
    files.missing(there).forEach(name -> problems.add(NewFiles.noColumn(name, there)));
    return problems;
  }

  private RawTable table(Set<SourceFile> group, Map<SourceFile, List<String>> columns) {
    Map<List<String>, List<SourceFile>> byColumns = new LinkedHashMap<>();
    group.forEach(
        file ->
            byColumns
                .computeIfAbsent(columns.getOrDefault(file, List.of()), any -> new ArrayList<>())
                .add(file));
    List<RawTable> tables = new ArrayList<>();
    byColumns.forEach(
        (names, alike) -> {
          DatasetContract contract = files.texts(names);
          CsvFormat format = new CsvFormat(files.settings().options(), contract);
          tables.add(new TextRows(files.spark(), alike, format).placed(contract, Position.LINE));
        });
    return RawTable.union(tables);
  }
}
