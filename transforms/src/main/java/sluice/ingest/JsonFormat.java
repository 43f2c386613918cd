package sluice.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Excerpt;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.TimeRange;
import sluice.data.ValueParser;

/**
 * JSON, one object a record. Numbers and what is nested keep the text that they have in the file
 * where the column is a string. The application jar has a Jackson of its own, under another name
 * than Spark's, so that no object of Jackson goes from here to Spark or comes from there.
 */
final class JsonFormat implements TextFormat {
  private static final long serialVersionUID = 1L;
  private static final String ELEMENTS = "; options.multiLine = true reads the elements of arrays";
  private static final String HALF_PAIR = " has half of a surrogate pair, which is no character";
  private static final long SECONDS_A_DAY = 86_400;
  private static final long FIRST_SECOND = TimeRange.FIRST_DAY.toEpochDay() * SECONDS_A_DAY;
  private static final long END_SECOND = TimeRange.END.toEpochDay() * SECONDS_A_DAY;

  private final Map<String, String> options;
  private final DatasetContract contract;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, Integer> asking = new HashMap<>();
  private transient @Nullable Parts parts;

  /** What the options come to; made where it is used. */
  private record Parts(JSONOptions json, JsonFactory factory, ValueParser values) {}

  JsonFormat(Map<String, String> options, DatasetContract contract) {
    this.options = options;
    this.contract = contract;
    contract.names().forEach(name -> positions.put(name, positions.size()));
  }

  /**
   * The same that gives after the values, for each of these columns, whether the record names it,
   * be it as null.
   */
  JsonFormat asking(Collection<String> columns) {
    JsonFormat format = new JsonFormat(options, contract);
    columns.forEach(
        name -> format.asking.put(name, contract.fields().size() + format.asking.size()));
    return format;
  }

  @Override
  public Charset charset() {
    return SparkOptions.charset(options);
  }

  @Override
  public @Nullable String lineSeparator() {
    return SparkOptions.option(options, "lineSep").orElse(null);
  }

  @Override
  public int mostCharacters() {
    return limit("maxStringLen", StreamReadConstraints.DEFAULT_MAX_STRING_LEN);
  }

  @Override
  public String tooLong() {
    return String.format(
        Locale.ROOT,
        "has more than %,d characters (options.maxStringLen can raise it)",
        mostCharacters());
  }

  @Override
  public boolean isMultiLine() {
    return parts().json().multiLine();
  }

  @Override
  public boolean hasHeader() {
    return false;
  }

  @Override
  public boolean isRecord(String line) {
    return !TextFormat.consistsOf(line, " \t\r\n\uFEFF");
  }

  /** The names of a record's fields; none if it is not one object. */
  Set<String> names(String record) {
    Set<String> names = new TreeSet<>();
    try (JsonParser in = parts().factory().createParser(record)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          names.add(in.currentName());
          in.nextToken();
          in.skipChildren();
        }
        return in.nextToken() == null ? names : Set.of();
      }
    } catch (IOException e) {
      return Set.of();
    }
    return Set.of();
  }

  /** The head of a file: whether it holds text and, where it is to, one record a line. */
  FileHead head(String address, Configuration hadoop) {
    try {
      if (isMultiLine()) {
        SourceFiles.openText(address, hadoop).close();
        return FileHead.UNKNOWN;
      }
      return isOverSeveralLines(address, hadoop)
          ? FileHead.ofProblem(
              "must have one object a line, has JSON over several lines:"
                  + " set options.multiLine = true")
          : FileHead.UNKNOWN;
    } catch (IOException | UncheckedIOException e) {
      return FileHead.ofFailure(e);
    }
  }

  /**
   * Whether a file that is to hold one record a line holds JSON over several lines instead: an
   * object or an array begins in its first line and ends in another.
   */
  private boolean isOverSeveralLines(String address, Configuration hadoop) throws IOException {
    try (InputStream bytes = SourceFiles.openText(address, hadoop);
        Reader text = TextRecords.text(bytes, charset())) {
      TextLines lines = new TextLines(text, lineSeparator(), mostCharacters());
      TextLines.Line line = lines.next();
      while (line != null && !isRecord(line.text())) {
        line = lines.next();
      }
      if (line == null || isOneObject(line.text())) {
        return false;
      }
    }
    try (InputStream bytes = SourceFiles.open(address, hadoop);
        Reader text = TextRecords.text(bytes, charset());
        JsonParser in = parts().factory().createParser(text)) {
      JsonToken token = in.nextToken();
      if (token == null || !token.isStructStart()) {
        return false;
      }
      int line = in.currentTokenLocation().getLineNr();
      in.skipChildren();
      return in.currentLocation().getLineNr() > line;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private boolean isOneObject(String text) {
    try (JsonParser in = parts().factory().createParser(text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      in.skipChildren();
      return in.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Iterator<TextRecord> records(Reader text) throws IOException {
    return new JsonElements(parts().factory(), text, mostCharacters(), tooLong());
  }

  @Override
  public @Nullable String parse(String record, @Nullable Object[] values) {
    return parse(record, values, name -> {});
  }

  /** The names of a record's fields; null if it is malformed. */
  @Nullable Set<String> namesIfRead(String record) {
    Set<String> names = new TreeSet<>();
    @Nullable Object[] values = new @Nullable Object[contract.fields().size()];
    return parse(record, values, names::add) == null ? names : null;
  }

  private @Nullable String parse(String record, @Nullable Object[] values, Consumer<String> names) {
    Arrays.fill(values, null);
    asking.values().forEach(place -> values[place] = false);
    List<String> reasons = new ArrayList<>(0);
    boolean hasEscapes = record.contains("\\u");
    try (JsonParser in = parts().factory().createParser(record)) {
      JsonToken first = in.nextToken();
      if (first != JsonToken.START_OBJECT) {
        in.skipChildren();
        boolean array = first == JsonToken.START_ARRAY && !isMultiLine();
        reasons.add("must be an object, is " + kind(first) + (array ? ELEMENTS : ""));
      } else {
        @Nullable String[] faults = new String[values.length];
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          names.accept(in.currentName());
          Integer position = positions.get(in.currentName());
          Integer asked = asking.get(in.currentName());
          if (asked != null) {
            values[asked] = true;
          }
          JsonToken token = in.nextToken();
          if (position == null) {
            in.skipChildren();
            continue;
          }
          // Of a name that is there twice the last counts, as for Spark.
          Field field = contract.fields().get(position);
          Object value = token == JsonToken.VALUE_NULL ? null : value(in, field.type(), record);
          values[position] = value;
          String fault =
              value == null
                  ? " is no " + field.type().ddl()
                  : hasEscapes && value instanceof String text && hasHalfPair(text, in, record)
                      ? HALF_PAIR
                      : "";
          faults[position] =
              fault.isEmpty() || token == JsonToken.VALUE_NULL
                  ? null
                  : field.name() + ": " + Excerpt.of(written(in, record)) + fault;
        }
        if (in.nextToken() != null) {
          reasons.add("more than one object");
        } else {
          for (String fault : faults) {
            if (fault != null) {
              reasons.add(fault);
            }
          }
        }
      }
    } catch (JsonProcessingException e) {
      reasons.clear();
      reasons.add(notJson(e));
    } catch (IOException e) {
      throw new IllegalStateException("a text cannot be read", e);
    }
    if (TextRecords.isReplaced(record) && (!reasons.isEmpty() || isReplaced(values))) {
      reasons.add(SparkOptions.notEncoded(charset()));
    }
    return reasons.isEmpty() ? null : String.join("; ", reasons);
  }

  /** Why a text is no JSON, without the name that Jackson gives to what it reads. */
  static String notJson(JsonProcessingException e) {
    String message = e.getOriginalMessage().lines().findFirst().orElse("");
    return "not JSON: " + message.replaceFirst("\\[Source: [^;]*; (line: [^]]*)]", "$1");
  }

  /** Whether a string, at whose token the parser is, has an escape of half of a surrogate pair. */
  private static boolean hasHalfPair(String text, JsonParser in, String record) throws IOException {
    return in.currentToken() == JsonToken.VALUE_STRING
        && text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)
        && !TextRecords.isReplaced(written(in, record));
  }

  private static boolean isReplaced(@Nullable Object[] values) {
    for (Object value : values) {
      if (value instanceof String text && TextRecords.isReplaced(text)) {
        return true;
      }
    }
    return false;
  }

  /** The value that the parser is at, or null if it is none of the type. */
  private @Nullable Object value(JsonParser in, FieldType type, String record) throws IOException {
    ValueParser values = parts().values();
    JsonToken token = in.currentToken();
    if (type == FieldType.STRING) {
      return token == JsonToken.VALUE_STRING ? in.getText() : written(in, record);
    }
    return switch (token) {
      case VALUE_TRUE, VALUE_FALSE ->
          type == FieldType.BOOLEAN ? Boolean.valueOf(token == JsonToken.VALUE_TRUE) : null;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (type.isNumber()) {
          yield values.parse(in.getText(), type);
        }
        boolean seconds = type == FieldType.TIMESTAMP && token == JsonToken.VALUE_NUMBER_INT;
        yield seconds ? ofSeconds(in.getText()) : null;
      }
      case VALUE_STRING -> {
        if (type.isTime()) {
          yield values.parse(in.getText(), type);
        }
        boolean real = type == FieldType.DOUBLE || type == FieldType.FLOAT;
        yield real && isNotFinite(in.getText()) && parts().json().allowNonNumericNumbers()
            ? values.parse(in.getText().replace("INF", "Infinity"), type)
            : null;
      }
      default -> null;
    };
  }

  private @Nullable Instant ofSeconds(String text) {
    Object seconds = parts().values().parse(text, FieldType.LONG);
    return seconds instanceof Long known && known >= FIRST_SECOND && known < END_SECOND
        ? Instant.ofEpochSecond(known)
        : null;
  }

  /** The words that Spark's parser takes for a number that is not finite. */
  private static boolean isNotFinite(String text) {
    return switch (text) {
      case "NaN", "INF", "+INF", "Infinity", "+Infinity", "-INF", "-Infinity" -> true;
      default -> false;
    };
  }

  /** What the parser is at as it is written; the parser is then at its end. */
  private static String written(JsonParser in, String record) throws IOException {
    int from = (int) in.currentTokenLocation().getCharOffset();
    if (in.currentToken().isStructStart()) {
      in.skipChildren();
    } else {
      in.getText();
    }
    return record.substring(from, (int) in.currentLocation().getCharOffset());
  }

  private static String kind(@Nullable JsonToken token) {
    if (token == null) {
      return "empty";
    }
    return switch (token) {
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      default -> "null";
    };
  }

  private Parts parts() {
    Parts current = parts;
    if (current == null) {
      JSONOptions json = SparkOptions.json(options);
      current = new Parts(json, factory(json), SparkOptions.jsonNotation(options).parser());
      parts = current;
    }
    return current;
  }

  /** Jackson with the options of Spark's parser. */
  private JsonFactory factory(JSONOptions json) {
    StreamReadConstraints limits = StreamReadConstraints.defaults();
    return new JsonFactoryBuilder()
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, json.allowComments())
        .configure(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, json.allowUnquotedFieldNames())
        .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, json.allowSingleQuotes())
        .configure(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, json.allowNumericLeadingZeros())
        .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, json.allowNonNumericNumbers())
        .configure(
            JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
            json.allowBackslashEscapingAnyCharacter())
        .configure(
            JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
            SparkOptions.option(options, "allowUnquotedControlChars")
                .filter("true"::equalsIgnoreCase)
                .isPresent())
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limit("maxNestingDepth", limits.getMaxNestingDepth()))
                .maxNumberLength(limit("maxNumLen", limits.getMaxNumberLength()))
                .maxStringLength(mostCharacters())
                .build())
        .build();
  }

  private int limit(String option, int otherwise) {
    return SparkOptions.option(options, option).map(Integer::parseInt).orElse(otherwise);
  }
}
