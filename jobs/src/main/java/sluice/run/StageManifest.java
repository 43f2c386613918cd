package sluice.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Sha256;

/**
 * What stands in {@code _manifest.json} of a published attempt: where it came from and what it
 * holds. It is written after the data; an attempt without it was cut short.
 *
 * @param format version of this layout
 * @param stage the stage
 * @param attempt the attempt's id, the name of its directory
 * @param siblings the stages published with it, itself included; they share the attempt's id
 * @param key what decided the output
 * @param rows counts of rows by name, taken from the committed files
 * @param content digest of the content where the job computed one, else null; it says more than the
 *     key, which promises the content only on one kind of machine
 * @param facts whatever else the job has to say, as JSON by name
 * @param files every file of the attempt but this one
 * @param seconds from the attempt's begin to its publication
 * @param created ISO-8601, UTC
 * @param machine what it ran on, by name
 */
public record StageManifest(
    int format,
    Stage stage,
    String attempt,
    List<Stage> siblings,
    StageKey key,
    SortedMap<String, Long> rows,
    @Nullable String content,
    SortedMap<String, JsonNode> facts,
    List<OutputFile> files,
    double seconds,
    String created,
    SortedMap<String, String> machine) {
  static final int FORMAT = 1;
  static final String NAME = "_manifest.json";

  /**
   * A file of an attempt.
   *
   * @param path relative to the attempt's directory
   * @param bytes its length
   */
  public record OutputFile(String path, long bytes) {
    /** What is listed is deleted some day: nothing outside of the attempt can be named. */
    public OutputFile {
      for (String part : path.split("/", -1)) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
          throw InvalidInput.data(
              "files must name files within the attempt, got \"%s\"".formatted(path));
        }
      }
    }
  }

  public StageManifest {
    if (format != FORMAT) {
      throw InvalidInput.data("format must be %d, got %d".formatted(FORMAT, format));
    }
    try {
      Instant.parse(created);
    } catch (DateTimeParseException e) {
      throw InvalidInput.data("created must be an ISO-8601 instant, got " + created);
    }
    siblings = List.copyOf(siblings);
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    files = List.copyOf(files);
    machine = Collections.unmodifiableSortedMap(new TreeMap<>(machine));
  }

  /**
   * The part of the manifest that two equal runs share, digested: stage, key, rows, content. Times,
   * machine, attempt and the names of files (Spark's are random) are left out, so that a forced
   * repetition with the same result does not invalidate what was made from it.
   */
  public String contentDigest() {
    record Content(
        Stage stage, StageKey key, SortedMap<String, Long> rows, @Nullable String content) {}
    return Sha256.hexOf(Json.write(new Content(stage, key, rows, content)));
  }
}
