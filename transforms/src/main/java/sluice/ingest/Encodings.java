package sluice.ingest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is said of the encodings that files of text were found to have. */
final class Encodings {
  private Encodings() {}

  /**
   * One line, or none where no file was read.
   *
   * @param files how many are of which encoding
   */
  static List<String> notes(Map<String, Integer> files) {
    return files.isEmpty()
        ? List.of()
        : List.of(
            "encodings: "
                + files.entrySet().stream()
                    .sorted(
                        Comparator.comparing(Map.Entry<String, Integer>::getValue)
                            .reversed()
                            .thenComparing(Map.Entry::getKey))
                    .map(entry -> ofFiles(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", ")));
  }

  private static String ofFiles(String encoding, int files) {
    return String.format(
        Locale.ROOT, "%s in %,d %s", encoding, files, files == 1 ? "file" : "files");
  }
}
