package sluice.config;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;

/**
 * The section {@code pipeline}: what the run is called and where it is kept.
 *
 * @param name the name of the run and of its directory
 * @param seed what every random choice derives from
 * @param runsDir the directory that run directories lie in: any Hadoop path
 * @param date the date of a dated run, as in 2026-11-01, which then has a directory of its own;
 *     null for a run without one
 * @param window from which dates a dated run trains
 */
public record PipelineSettings(
    String name, long seed, String runsDir, @Nullable String date, Window window) {

  /**
   * The dates whose clean rows a dated run trains with.
   *
   * @param days how many, the run's own the last
   * @param first the first date that there is; null if there is one for every day
   */
  public record Window(int days, @Nullable String first) {
    public Window {
      new Require()
          .atLeast("days", days, 1)
          .that(
              isDateOrNull(first),
              "first must be a date as in 2026-11-01, got \"%s\"".formatted(first))
          .hold();
    }
  }

  public PipelineSettings {
    new Require()
        .that(
            name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
            "name must be letters, digits, dots, underscores and hyphens, a letter or digit first,"
                + " got \"%s\"".formatted(name))
        .notBlank("runs-dir", runsDir)
        .that(
            isDateOrNull(date), "date must be a date as in 2026-11-01, got \"%s\"".formatted(date))
        .hold();
    if (date != null && window.first() != null) {
      new Require()
          .that(
              !LocalDate.parse(date).isBefore(LocalDate.parse(window.first())),
              "date must not lie before window.first, %s, got %s".formatted(window.first(), date))
          .hold();
    }
  }

  /** The date of a dated run. */
  public Optional<LocalDate> day() {
    return Optional.ofNullable(date).map(LocalDate::parse);
  }

  /** The dates of the window in their order, the run's own the last; none without a date. */
  public List<LocalDate> days() {
    if (date == null) {
      return List.of();
    }
    LocalDate own = LocalDate.parse(date);
    LocalDate begin = own.minusDays(window.days() - 1L);
    if (window.first() != null && begin.isBefore(LocalDate.parse(window.first()))) {
      begin = LocalDate.parse(window.first());
    }
    return begin.datesUntil(own.plusDays(1)).toList();
  }

  private static boolean isDateOrNull(@Nullable String text) {
    if (text == null) {
      return true;
    }
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
