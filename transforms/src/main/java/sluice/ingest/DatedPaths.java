package sluice.ingest;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * Paths with places for the date of a run: {@code {date}} becomes 2026-11-01, {@code {year}},
 * {@code {month}} and {@code {day}} its parts, of four, two and two digits.
 */
public final class DatedPaths {
  private static final List<String> PLACES = List.of("{date}", "{year}", "{month}", "{day}");

  private DatedPaths() {}

  /** Whether any of the paths has a place for a date. */
  public static boolean isDated(List<String> paths) {
    return paths.stream().anyMatch(path -> PLACES.stream().anyMatch(path::contains));
  }

  /** The paths at a date. */
  public static List<String> at(LocalDate date, List<String> paths) {
    return paths.stream()
        .map(
            path ->
                path.replace("{date}", date.toString())
                    .replace("{year}", String.format(Locale.ROOT, "%04d", date.getYear()))
                    .replace("{month}", String.format(Locale.ROOT, "%02d", date.getMonthValue()))
                    .replace("{day}", String.format(Locale.ROOT, "%02d", date.getDayOfMonth())))
        .toList();
  }
}
