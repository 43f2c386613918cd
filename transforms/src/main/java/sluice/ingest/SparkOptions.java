package sluice.ingest;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.csv.CSVOptions$;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions$;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.immutable.Map$;
import sluice.data.FieldType;
import sluice.data.Nearest;
import sluice.data.TimeNotation;
import sluice.data.ValueNotation;

/**
 * The options of Spark's readers of text, whose names and meanings stay although values are read by
 * {@link ValueParser}. Two differ: a quote in a quoted field of CSV is doubled, as in RFC 4180,
 * unless {@code escape} says otherwise; and a pattern of dates or times is held to strictly.
 */
final class SparkOptions {
  /** What is said of bytes that are of no text in an encoding, whose name follows. */
  static final String NOT_ENCODED = "bytes that are not ";

  private static final String ZONE = "UTC";
  private static final String CORRUPT = "_malformed";
  private static final String ESCAPE = "escape";
  private static final String QUOTE_HANDLING = "unescapedQuoteHandling";
  private static final String LENIENT = "STOP_AT_DELIMITER";
  private static final String STRICT = "RAISE_ERROR";
  private static final String DATE = "dateFormat";
  private static final String TIMESTAMP = "timestampFormat";
  private static final String TIMESTAMP_NTZ = "timestampNTZFormat";
  private static final String FALLBACK = "enableDateTimeParsingFallback";

  /** Options of Spark's tokenizer that nothing else honours. */
  private static final List<String> LENIENT_ONLY =
      List.of("charToEscapeQuoteEscaping", "maxColumns");

  /** The options that hold patterns of times, by the type of the values. */
  private static final SortedMap<FieldType, String> PATTERNS =
      new TreeMap<>(
          Map.of(
              FieldType.DATE, DATE,
              FieldType.TIMESTAMP, TIMESTAMP,
              FieldType.TIMESTAMP_NTZ, TIMESTAMP_NTZ));

  /** Options of Spark's parser of JSON that it does not list. */
  private static final List<String> LIMITS =
      List.of("maxNestingDepth", "maxNumLen", "maxStringLen");

  /** What other readers call an option. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "separator", "sep",
          "quotechar", "quote",
          "escapechar", "escape",
          "na_values", "nullValue");

  /** Options that are one character. */
  private static final List<String> SIGNS =
      List.of("quote", ESCAPE, "comment", "charToEscapeQuoteEscaping");

  private SparkOptions() {}

  /** What is said of an option that a format of text does not have; empty if it has it. */
  static Optional<String> unknown(String format, String option) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(
        JavaConverters.setAsJavaSet(
            format.equals("csv")
                ? CSVOptions$.MODULE$.getAllOptions()
                : JSONOptions$.MODULE$.getAllOptions()));
    if (!format.equals("csv")) {
      known.addAll(LIMITS);
    }
    if (known.contains(option)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(known);
    ELSEWHERE.forEach(
        (name, here) -> names.addAll(known.contains(here) ? List.of(name) : List.of()));
    return Optional.of(
        "options.%s is not an option of %s%s"
            .formatted(
                option,
                format,
                Nearest.to(option, names)
                    .map(near -> "; did you mean " + ELSEWHERE.getOrDefault(near, near) + "?")
                    .orElse(", must be one of " + String.join(", ", known))));
  }

  static CSVOptions csv(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    if (option(options, ESCAPE).isEmpty()) {
      all.put(ESCAPE, option(options, "quote").orElse("\""));
    }
    return new CSVOptions(immutable(all), false, ZONE, CORRUPT);
  }

  static JSONOptions json(Map<String, String> options) {
    return new JSONOptions(immutable(options), ZONE, CORRUPT);
  }

  /** Whether CSV that breaks RFC 4180 is malformed, and not read in some way. */
  static boolean isStrict(Map<String, String> options) {
    CSVOptions csv = csv(options);
    return option(options, QUOTE_HANDLING)
        .map(STRICT::equalsIgnoreCase)
        .orElse(csv.escape() == csv.quote());
  }

  /** How the values of CSV are written. */
  static ValueNotation csvNotation(Map<String, String> options) {
    CSVOptions csv = csv(options);
    return new ValueNotation(
        new ValueNotation.Texts(
            csv.nullValue(),
            csv.emptyValueInRead(),
            csv.ignoreLeadingWhiteSpaceInRead(),
            csv.ignoreTrailingWhiteSpaceInRead()),
        new ValueNotation.Words(csv.nanValue(), csv.positiveInf(), csv.negativeInf()),
        times(options, csv.locale(), csv.zoneId()));
  }

  /** How the values of JSON are written, where they are texts. */
  static ValueNotation jsonNotation(Map<String, String> options) {
    JSONOptions json = json(options);
    return new ValueNotation(
        ValueNotation.STANDARD.texts(),
        ValueNotation.STANDARD.words(),
        times(options, json.locale(), json.zoneId()));
  }

  private static ValueNotation.Times times(
      Map<String, String> options, Locale locale, ZoneId zone) {
    return new ValueNotation.Times(
        option(options, DATE).orElse(null),
        option(options, TIMESTAMP).orElse(null),
        option(options, TIMESTAMP_NTZ).orElse(null),
        locale.toLanguageTag(),
        zone.getId());
  }

  /** What is wrong with the options of a format of text; each begins with {@code options.name}. */
  static List<String> problems(String format, Map<String, String> options) {
    List<String> problems = new ArrayList<>();
    option(options, FALLBACK)
        .ifPresent(
            given ->
                problems.add(
                    "options."
                        + FALLBACK
                        + " is not free: a date or time that does not fit is"
                        + " malformed"));
    Optional<String> handling = option(options, QUOTE_HANDLING);
    if (handling
        .filter(h -> !h.equalsIgnoreCase(LENIENT) && !h.equalsIgnoreCase(STRICT))
        .isPresent()) {
      problems.add(
          "options.%s must be %s or %s, got %s"
              .formatted(QUOTE_HANDLING, STRICT, LENIENT, handling.get()));
    }
    for (String name : List.of("encoding", "charset")) {
      option(options, name).flatMap(given -> charsetProblem(name, given)).ifPresent(problems::add);
    }
    option(options, "locale").flatMap(SparkOptions::localeProblem).ifPresent(problems::add);
    option(options, "timeZone").flatMap(SparkOptions::zoneProblem).ifPresent(problems::add);
    if (format.equals("csv")) {
      problems.addAll(signProblems(options));
    }
    PATTERNS.forEach(
        (type, name) ->
            option(options, name)
                .flatMap(given -> patternProblem(name, given, type))
                .ifPresent(problems::add));
    if (problems.isEmpty()) {
      try {
        if (format.equals("csv")) {
          csvNotation(options);
          problems.addAll(clashes(options));
          problems.addAll(unused(options));
        } else {
          jsonNotation(options);
        }
      } catch (Exception e) {
        // Spark throws what it does not declare.
        problems.add("options: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    }
    return problems;
  }

  private static List<String> signProblems(Map<String, String> options) {
    List<String> problems = new ArrayList<>();
    for (String name : SIGNS) {
      option(options, name)
          .filter(sign -> sign.length() > 1 || (sign.isEmpty() && name.equals(ESCAPE)))
          .ifPresent(
              sign ->
                  problems.add(
                      "options.%s must be one character, got \"%s\"".formatted(name, sign)));
    }
    return problems;
  }

  /** Signs that would stand for two things. */
  private static List<String> clashes(Map<String, String> options) {
    CSVOptions csv = csv(options);
    String separator = csv.delimiter();
    List<String> problems = new ArrayList<>();
    Map<String, Character> others =
        new TreeMap<>(Map.of("quote", csv.quote(), ESCAPE, csv.escape()));
    if (csv.isCommentSet()) {
      others.put("comment", csv.comment());
    }
    boolean breaks = separator.indexOf('\n') >= 0 || separator.indexOf('\r') >= 0;
    if (separator.isEmpty()
        || breaks
        || others.values().stream().anyMatch(sign -> separator.indexOf(sign) >= 0)) {
      problems.add(
          ("options.%s must be a character or several, none of them of a line break, the quote,"
                  + " escape or comment, got \"%s\"")
              .formatted(
                  option(options, "sep").isPresent() ? "sep" : "delimiter",
                  separator.replace("\n", "\\n").replace("\r", "\\r")));
    }
    if (csv.isCommentSet() && csv.comment() == csv.quote()) {
      problems.add("options.comment must not be the quote, got \"%s\"".formatted(csv.comment()));
    }
    return problems;
  }

  private static Optional<String> localeProblem(String tag) {
    try {
      String language = new Locale.Builder().setLanguageTag(tag).build().getLanguage();
      if (Arrays.stream(Locale.getAvailableLocales())
          .anyMatch(locale -> locale.getLanguage().equals(language))) {
        return Optional.empty();
      }
    } catch (IllformedLocaleException e) {
      // A tag that is none is told as one that nobody knows.
    }
    return Optional.of("options.locale must be a language tag, as in de-DE, got " + tag);
  }

  private static Optional<String> zoneProblem(String zone) {
    try {
      DateTimeUtils.getZoneId(zone);
      return Optional.empty();
    } catch (DateTimeException e) {
      return Optional.of("options.timeZone must be a time zone, as in Europe/Berlin, got " + zone);
    }
  }

  /** Options that only Spark's tokenizer knows, which does not read what RFC 4180 says. */
  private static List<String> unused(Map<String, String> options) {
    return isStrict(options)
        ? LENIENT_ONLY.stream()
            .flatMap(name -> option(options, name).map(given -> unused(name, given)).stream())
            .toList()
        : List.of();
  }

  private static String unused(String name, String given) {
    return ("options.%s must not be given where CSV is read by RFC 4180, which has no use for it, got"
            + " %s; it has one beside options.escape = \"\\\\\"")
        .formatted(name, given);
  }

  private static Optional<String> charsetProblem(String name, String given) {
    try {
      Charset.forName(given);
      return Optional.empty();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.of("options." + name + " must be an encoding, got " + given);
    }
  }

  private static Optional<String> patternProblem(String name, String given, FieldType type) {
    try {
      new TimeNotation(Map.of(type, given), Locale.ROOT, ZoneId.of(ZONE));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "options.%s must be a pattern of java.time, got %s: %s"
              .formatted(name, given, e.getMessage()));
    }
  }

  /** The encoding of files: UTF-8 unless the options say otherwise. */
  static Charset charset(Map<String, String> options) {
    return Charset.forName(
        option(options, "encoding").or(() -> option(options, "charset")).orElse("UTF-8"));
  }

  /** An option by its name, whose case does not count. */
  static Optional<String> option(Map<String, String> options, String name) {
    return options.entrySet().stream()
        .filter(option -> option.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The reason why a record with bytes of another encoding is malformed. */
  static String notEncoded(Charset charset) {
    return NOT_ENCODED + charset.name() + ": options.encoding names another encoding";
  }

  /** A map as Spark takes it. */
  static scala.collection.immutable.Map<String, String> immutable(Map<String, String> map) {
    scala.collection.immutable.Map<String, String> converted = Map$.MODULE$.empty();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      converted = converted.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    }
    return converted;
  }
}
