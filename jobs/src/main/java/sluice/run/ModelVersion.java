package sluice.run;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Sha256;

/**
 * A bundle in the registry: what stands in {@code _version.json} beside its files. It is written
 * after them; a version without it was cut short.
 *
 * @param format version of this layout
 * @param version its number, from 1
 * @param bundle the bundle's id, made of its content
 * @param run the directory of the run that made it
 * @param date of that run, if it is dated; null otherwise
 * @param attempt of the run's model
 * @param metrics the run's metrics attempt
 * @param scores metrics of the test part by name, those that are defined
 * @param inputs what it was made from: fingerprints by name
 * @param files the SHA-256 of each file by its name
 * @param created ISO-8601, UTC
 */
public record ModelVersion(
    int format,
    int version,
    String bundle,
    String run,
    @Nullable String date,
    String attempt,
    String metrics,
    SortedMap<String, Double> scores,
    SortedMap<String, String> inputs,
    SortedMap<String, String> files,
    String created) {
  static final int FORMAT = 1;
  static final String NAME = "_version.json";

  public ModelVersion {
    if (format != FORMAT) {
      throw InvalidInput.data("format must be %d, got %d".formatted(FORMAT, format));
    }
    if (version < 1) {
      throw InvalidInput.data("version must be at least 1, got " + version);
    }
    try {
      Instant.parse(created);
      if (date != null) {
        LocalDate.parse(date);
      }
    } catch (DateTimeParseException e) {
      throw InvalidInput.data(
          "created must be an ISO-8601 instant and date a date, got %s and %s"
              .formatted(created, date));
    }
    if (!files.values().stream().allMatch(Sha256::isHex)
        || !files.keySet().stream().allMatch(ModelVersion::isFileName)) {
      throw InvalidInput.data("files must hold SHA-256 digests by file name, got " + files);
    }
    scores = Collections.unmodifiableSortedMap(new TreeMap<>(scores));
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * What is registered.
   *
   * @param bundle the bundle's id
   * @param files the bundle's, by name
   * @param model the stage that it comes from
   * @param metrics the stage that judges it
   * @param scores metrics of the test part by name
   * @param inputs what it was made from
   */
  @SuppressWarnings("ArrayRecordComponent") // files are handed over in bulk and never compared
  public record Candidate(
      String bundle,
      SortedMap<String, byte[]> files,
      RunDirectory run,
      Published model,
      Published metrics,
      Map<String, Double> scores,
      Map<String, String> inputs) {

    ModelVersion as(int version, Instant now) {
      SortedMap<String, String> digests = new TreeMap<>();
      files.forEach((name, content) -> digests.put(name, Sha256.hexOf(content)));
      return new ModelVersion(
          FORMAT,
          version,
          bundle,
          run.root().toString(),
          run.date().map(LocalDate::toString).orElse(null),
          model.attempt(),
          metrics.attempt(),
          new TreeMap<>(scores),
          new TreeMap<>(inputs),
          digests,
          now.toString());
    }
  }

  private static boolean isFileName(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  }
}
