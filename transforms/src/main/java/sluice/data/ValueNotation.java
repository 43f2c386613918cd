package sluice.data;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a source writes its values: what of a reader's options says of a text which value it is, with
 * the reader's defaults filled in. It stays the same in JSON.
 *
 * @param texts what stands for missing and empty texts
 * @param words for numbers that are not finite
 * @param times how dates and times are written
 */
public record ValueNotation(Texts texts, Words words, Times times) {
  /** Longer words and patterns are none that a person wrote. */
  private static final int MOST_CHARACTERS = 1000;

  /** Of values that have types of their own: a text is itself, and an empty one is no number. */
  public static final ValueNotation STANDARD =
      new ValueNotation(
          new Texts(null, "", false, false),
          new Words("NaN", "Inf", "-Inf"),
          new Times(null, null, null, "en-US", "UTC"));

  /**
   * Checks the notation.
   *
   * @throws InvalidInput (configuration) if a pattern of times is none or leaves them open, the
   *     time zone is none, two words are the same, or a text is longer than 1,000 characters
   */
  public ValueNotation {
    List<String> problems = new ArrayList<>();
    for (String text : all(texts, words, times)) {
      if (text.length() > MOST_CHARACTERS) {
        problems.add(
            "a word or pattern must have at most %s characters, got %s"
                .formatted(MOST_CHARACTERS, text.length()));
      }
    }
    List<String> numbers = List.of(words.nan(), words.positiveInfinity(), words.negativeInfinity());
    if (numbers.stream().distinct().count() < numbers.size()) {
      problems.add(
          "the words for no number, infinity and negative infinity must differ, got %s, %s and %s"
              .formatted(numbers.toArray()));
    }
    if (problems.isEmpty()) {
      try {
        times.notation();
      } catch (IllegalArgumentException | DateTimeException e) {
        problems.add("times: " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /**
   * Texts.
   *
   * @param missing stands for a missing value, as does an empty text then; null if a text of a
   *     column of texts is never missing
   * @param empty what an empty text is read as if it is not itself empty
   * @param trimStart whether blanks before a text do not belong to it
   * @param trimEnd whether blanks behind a text do not belong to it
   */
  public record Texts(@Nullable String missing, String empty, boolean trimStart, boolean trimEnd) {}

  /** Words for what is no number, and for what is beyond all numbers. */
  public record Words(String nan, String positiveInfinity, String negativeInfinity) {}

  /**
   * Dates and times.
   *
   * @param date the pattern of {@link java.time.format.DateTimeFormatter}; null for ISO 8601
   * @param timestamp the same of points in time
   * @param timestampNtz the same of times without a zone
   * @param locale the language tag of the names of months and days
   * @param zone the time zone of points in time that tell none
   */
  public record Times(
      @Nullable String date,
      @Nullable String timestamp,
      @Nullable String timestampNtz,
      String locale,
      String zone) {
    private TimeNotation notation() {
      Map<FieldType, String> patterns = new EnumMap<>(FieldType.class);
      put(patterns, FieldType.DATE, date);
      put(patterns, FieldType.TIMESTAMP, timestamp);
      put(patterns, FieldType.TIMESTAMP_NTZ, timestampNtz);
      return new TimeNotation(patterns, Locale.forLanguageTag(locale), ZoneId.of(zone));
    }

    private static void put(
        Map<FieldType, String> patterns, FieldType type, @Nullable String pattern) {
      if (pattern != null) {
        patterns.put(type, pattern);
      }
    }
  }

  /** What reads a text that is not missing. */
  public ValueParser parser() {
    Map<String, Double> numbers = new HashMap<>();
    numbers.put(words.nan(), Double.NaN);
    numbers.put(words.positiveInfinity(), Double.POSITIVE_INFINITY);
    numbers.put(words.negativeInfinity(), Double.NEGATIVE_INFINITY);
    return new ValueParser(new NumberNotation('.', null, numbers), times.notation());
  }

  /**
   * A text as the source would hold it, outside quotes: without the blanks that do not belong to
   * it; null if it stands for a missing value of that type.
   */
  public @Nullable String present(String text, FieldType type) {
    int from = 0;
    int to = text.length();
    while (texts.trimStart() && from < to && text.charAt(from) <= ' ') {
      from++;
    }
    while (texts.trimEnd() && from < to && text.charAt(to - 1) <= ' ') {
      to--;
    }
    String kept = text.substring(from, to);
    if (kept.isEmpty()) {
      if (type != FieldType.STRING) {
        return null;
      }
      kept = texts.empty();
      if (kept.isEmpty()) {
        return texts.missing() == null ? kept : null;
      }
    }
    return kept.equals(texts.missing()) ? null : kept;
  }

  private static List<String> all(Texts texts, Words words, Times times) {
    List<String> all =
        new ArrayList<>(
            List.of(
                texts.empty(),
                words.nan(),
                words.positiveInfinity(),
                words.negativeInfinity(),
                times.locale(),
                times.zone()));
    for (@Nullable String text :
        new @Nullable String[] {
          texts.missing(), times.date(), times.timestamp(), times.timestampNtz()
        }) {
      if (text != null) {
        all.add(text);
      }
    }
    return all;
  }
}
