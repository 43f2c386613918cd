package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import sluice.ingest.text.TextEncoding;

/** The encodings that files of text were found to have. */
final class Encodings {
  /** So many bytes of a file of lines tell its encoding. */
  private static final int LOOKED_AT = 1 << 16;

  private Encodings() {}

  /** What the beginning of a file of lines tells. */
  static FileHead head(SourceFile file, String encoding, Configuration hadoop) {
    try (InputStream bytes = SourceFiles.openText(file.address(), hadoop)) {
      Charset charset = new TextEncoding(encoding).ofBeginning(bytes.readNBytes(LOOKED_AT));
      return FileHead.ofCharset(charset);
    } catch (IOException | UncheckedIOException e) {
      return FileHead.ofFailure(e);
    }
  }

  /** The name of the encoding that a file's beginning told. */
  static String of(FileHead head) {
    return head.charset() == null ? StandardCharsets.UTF_8.name() : head.charset();
  }

  /** What is said of files of lines. */
  static List<String> notes(OpenedSource source) {
    Map<String, Integer> encodings = new TreeMap<>();
    source.files().values().forEach(head -> encodings.merge(of(head), 1, Integer::sum));
    return notes(encodings);
  }

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
