package sluice.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;

/**
 * The section {@code predict}: which rows are scored, and by what.
 *
 * @param source where the rows come from; null if the pipeline scores none
 * @param bundle which bundle scores them
 */
public record PredictSettings(@Nullable Source source, Bundle bundle) {

  /** A bundle to score with. */
  public enum Bundle {
    /** The run's own. */
    RUN,
    /** The version of the registry that is in use. */
    IN_USE
  }

  /**
   * Rows to score.
   *
   * @param format how they are stored; null if as the rows that were ingested, with the options of
   *     those
   * @param path files, directories or globs
   * @param options handed to Spark's reader as they are
   */
  public record Source(@Nullable String format, List<String> path, Map<String, String> options) {
    public Source {
      path = List.copyOf(path);
      options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
      new Require().notEmpty("path", path).hold();
    }
  }
}
