package sluice.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.ingest.IngestSettings;
import sluice.ingest.Source;
import sluice.ingest.SourcePaths;

/**
 * The section {@code predict}: which rows are scored, by what, and what is written of them.
 *
 * @param source where the rows come from; null if the pipeline scores none
 * @param bundle which bundle scores them
 * @param keep the columns of the input that the output has; null for all
 * @param prefix what the names of Sluice's own columns in the output begin with; may be empty
 * @param format of the output
 * @param measure whether the predictions are measured against the label that the rows have
 * @param maxUnscored the greatest share of rows, from 0 to 1, that may not be scored
 */
public record PredictSettings(
    @Nullable SourceSettings source,
    Bundle bundle,
    @Nullable List<String> keep,
    String prefix,
    Format format,
    boolean measure,
    double maxUnscored) {
  public PredictSettings {
    keep = keep == null ? null : List.copyOf(keep);
    new Require().within("max-unscored", maxUnscored, 0, 1).hold();
  }

  /**
   * Why the output cannot have these columns side by side, whose names must differ in more than
   * case from those of the input; nothing if it can.
   *
   * @param own Sluice's, without the prefix
   * @param columns of the input
   */
  public Optional<String> clash(Collection<String> own, Collection<String> columns) {
    Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    own.forEach(name -> taken.add(prefix + name));
    List<String> clashing = columns.stream().filter(taken::contains).toList();
    return clashing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "predict.prefix must tell Sluice's own columns from those of the input, which has %s too, got \"%s\""
                .formatted(String.join(", ", clashing), prefix));
  }

  /** How tables are written. */
  public enum Format {
    CSV,
    JSON,
    PARQUET
  }

  /** A bundle to score with. */
  public enum Bundle {
    /** The run's own. */
    RUN,
    /** The version of the registry that is in use. */
    IN_USE
  }

  /**
   * Where the rows to score come from.
   *
   * @param format what kind of source they are in; null if the one of the rows that were ingested
   * @param path files, directories or globs; null if the source is no files
   * @param options of Spark's reader; without a format they lie over those of ingest
   */
  public record SourceSettings(
      @Nullable Source format, @Nullable List<String> path, Map<String, String> options) {
    public SourceSettings {
      path = path == null ? null : List.copyOf(path);
      options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
      if (path != null) {
        new Require().notEmpty("path", path).hold();
      }
    }

    /**
     * What reads the rows to score: all that is said of the rows that were ingested, but for what
     * is said here. They have no key, whose column they may lack.
     *
     * @param columns to read
     * @throws InvalidInput (configuration) with every problem there is
     */
    public IngestSettings over(IngestSettings ingest, DatasetContract columns) {
      Map<String, String> laid = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      if (format == null) {
        laid.putAll(ingest.options());
      }
      laid.putAll(options);
      return new IngestSettings(
          format == null ? ingest.format() : format,
          path == null ? null : SourcePaths.of(path),
          laid,
          columns.ddl(),
          ingest.maxQuarantined(),
          null,
          ingest.sourceColumn());
    }
  }
}
