package sluice.ingest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which option may be meant, where records are malformed for want of one. */
final class Hints {
  private static final List<String> SEPARATORS = List.of(";", "\t", "|", ",");
  private static final Pattern ONE_FIELD = Pattern.compile("1 fields, must be ([0-9]+)");
  private static final Pattern MISSING =
      Pattern.compile("\"((?i:na|n/a|null|none|nan|\\?|-))\" is no [a-z_]+");
  private static final Pattern TIME =
      Pattern.compile(
          "\"(?!\\d{4}-\\d\\d-\\d\\d)[^\"]*\\d[^\"]*\" is no (date|timestamp|timestamp_ntz)\\b");

  private Hints() {}

  /** The option by which a line has as many fields as it is to have. */
  static Optional<String> separator(IngestSettings settings, String line, int fields) {
    String current = SparkOptions.csv(settings.options()).delimiter();
    // In quotes no sign separates; of a name in a header they are gone.
    String unquoted = line.replaceAll("\"[^\"]*\"", "");
    return SEPARATORS.stream()
        .filter(sign -> fields > 1 && !sign.equals(current))
        .filter(sign -> unquoted.split(Pattern.quote(sign), -1).length == fields)
        .map(
            sign ->
                "options.sep = \"%s\" makes %d of it".formatted(sign.replace("\t", "\\t"), fields))
        .findFirst();
  }

  /** The option by which a record of CSV may be well-formed. */
  static Optional<String> csv(IngestSettings settings, String record, String reason) {
    Matcher oneField = ONE_FIELD.matcher(reason);
    if (oneField.matches()) {
      return separator(settings, record, Integer.parseInt(oneField.group(1)));
    }
    Matcher missing = MISSING.matcher(reason);
    if (missing.find() && settings.option("nullValue").isEmpty()) {
      return Optional.of(
          "options.nullValue = \"%s\" reads it as missing".formatted(missing.group(1)));
    }
    return time(settings, reason);
  }

  /** The option by which a time in a record of text may be well-formed. */
  static Optional<String> time(IngestSettings settings, String reason) {
    Matcher time = TIME.matcher(reason);
    return time.find()
        ? Optional.of(pattern(time.group(1)))
            .filter(option -> settings.option(option).isEmpty())
            .map(
                option ->
                    "options.%s says how they are written, as in \"dd.MM.yyyy\"".formatted(option))
        : Optional.empty();
  }

  /** The option that says how values of a type are written. */
  private static String pattern(String type) {
    return switch (type) {
      case "date" -> "dateFormat";
      case "timestamp" -> "timestampFormat";
      default -> "timestampNTZFormat";
    };
  }
}
