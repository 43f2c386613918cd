package sluice.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sluice.data.InvalidInput;

/**
 * Files of which a line of each makes a row together. Their names, with as many folders as a
 * pattern has, differ only in what the patterns of their columns say, and they lie in the same
 * folder: {@code *.en} and {@code *.de} make {@code a/x.en} belong to {@code a/x.de}, {@code
 * en/*.txt} and {@code de/*.txt} make {@code a/en/x.txt} belong to {@code a/de/x.txt}.
 *
 * @param index among those of the source
 * @param files by the order of the columns
 */
record ParallelFiles(int index, List<ParallelFile> files) implements Serializable {
  ParallelFiles {
    files = List.copyOf(files);
  }

  /**
   * A file.
   *
   * @param column whose values it has
   * @param encoding the name of its encoding
   */
  record ParallelFile(String column, String address, long bytes, String encoding)
      implements Serializable {
    String named() {
      return SourceFiles.named(address);
    }
  }

  /** The bytes of all of them. */
  long bytes() {
    return files.stream().mapToLong(ParallelFile::bytes).sum();
  }

  /**
   * Puts together files that belong together.
   *
   * @param columns by column the pattern of its files
   * @throws InvalidInput (data) if a file is of no column or of several, or lacks one that it
   *     belongs to; all problems at once
   */
  static List<ParallelFiles> of(Map<String, String> columns, Map<SourceFile, FileHead> files) {
    Map<String, Pattern> patterns = new TreeMap<>();
    columns.forEach((column, pattern) -> patterns.put(column, matching(pattern)));
    List<String> problems = new ArrayList<>();
    // By what files that belong together have in common: their folder and what * stands for.
    Map<List<String>, Map<String, ParallelFile>> sets = new LinkedHashMap<>();
    files.forEach(
        (file, head) -> {
          Map<String, List<String>> matched = new TreeMap<>();
          patterns.forEach(
              (column, pattern) -> {
                Matcher matcher = pattern.matcher(file.path().toUri().getPath());
                if (matcher.matches()) {
                  matched.put(column, List.of(matcher.group(1), matcher.group(2)));
                }
              });
          if (matched.size() != 1) {
            problems.add(
                "%s: its name must be of one pattern of format.files, %s, is of %s"
                    .formatted(
                        file.named(),
                        described(columns),
                        matched.isEmpty() ? "none" : String.join(" and ", matched.keySet())));
          }
          matched.forEach(
              (column, common) ->
                  sets.computeIfAbsent(common, any -> new TreeMap<>())
                      .put(
                          column,
                          new ParallelFile(
                              column, file.address(), file.bytes(), Encodings.of(head))));
        });
    List<ParallelFiles> all = new ArrayList<>();
    sets.forEach(
        (common, set) -> {
          columns.forEach(
              (column, pattern) -> {
                if (!set.containsKey(column)) {
                  problems.add(
                      "%s: needs the file %s%s of column %s beside it, with as many lines"
                          .formatted(
                              set.values().iterator().next().named(),
                              common.get(0),
                              pattern.replace("*", common.get(1)),
                              column));
                }
              });
          all.add(new ParallelFiles(all.size(), List.copyOf(set.values())));
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return all;
  }

  /** The folder, and what {@code *} stands for, in the path of a file. */
  private static Pattern matching(String pattern) {
    int star = pattern.indexOf('*');
    return Pattern.compile(
        "(?s)(.*/)%s([^/]*)%s"
            .formatted(
                Pattern.quote(pattern.substring(0, star)),
                Pattern.quote(pattern.substring(star + 1))));
  }

  private static String described(Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
