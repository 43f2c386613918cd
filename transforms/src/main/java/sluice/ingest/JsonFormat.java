package sluice.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JsonToStructs;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * The text of JSON files. The application jar has a Jackson of its own, under another name than
 * Spark's, so that no object of Jackson goes from here to Spark or comes from there.
 */
final class JsonFormat implements MalformedRecords.Format {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_CHARACTERS = 1000;

  private final Map<String, String> options;
  private final StructType schema;
  private transient @Nullable JsonFactory factory;

  JsonFormat(Map<String, String> options, StructType schema) {
    this.options = options;
    this.schema = schema;
  }

  /** The encoding of the files: UTF-8 unless the options say otherwise. */
  String charset() {
    JSONOptions json = SparkOptions.json(options);
    return json.encoding().isDefined() ? json.encoding().get() : StandardCharsets.UTF_8.name();
  }

  /** Whether a text is one object and nothing else. */
  boolean isOneObject(String text) {
    try (JsonParser in = factory().createParser(text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      in.skipChildren();
      return in.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a file that is to hold one record a line holds JSON over several lines instead: its
   * first line is no object, but what begins there is JSON.
   */
  boolean isOverSeveralLines(String address, SerializableConfiguration hadoop) throws IOException {
    String first = "";
    try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
      LineReader lines = lines(bytes);
      Text text = new Text();
      while (first.isEmpty() && lines.readLine(text) > 0) {
        first = decoded(text).strip();
      }
    }
    if (first.isEmpty() || isOneObject(first)) {
      return false;
    }
    try (Reader reader = reader(address, hadoop);
        JsonParser in = factory().createParser(reader)) {
      JsonToken token = in.nextToken();
      if (token == JsonToken.START_ARRAY) {
        return true;
      }
      if (token != JsonToken.START_OBJECT) {
        return false;
      }
      int line = in.currentTokenLocation().getLineNr();
      in.skipChildren();
      return in.currentLocation().getLineNr() > line;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** The records of a file of lines. */
  @Override
  public void forEachRecord(
      String address, SerializableConfiguration hadoop, MalformedRecords.LineConsumer records)
      throws IOException {
    try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
      LineReader lines = lines(bytes);
      Text text = new Text();
      for (long number = 1; lines.readLine(text) > 0; number++) {
        records.accept(number, decoded(text));
      }
    }
  }

  /**
   * The records of a file of JSON over several lines: the objects it holds one after another, or
   * the elements of its arrays, each with the text it has in the file. After what is not JSON no
   * record can be told from another, so that the rest of the file is one more record.
   */
  void forEachElement(
      String address, SerializableConfiguration hadoop, MalformedRecords.LineConsumer records)
      throws IOException {
    try (RecordingReader reader = new RecordingReader(reader(address, hadoop));
        JsonParser in = factory().createParser(reader)) {
      long from = 0;
      long line = 1;
      try {
        int depth = 0;
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
          if (token == JsonToken.START_ARRAY && depth == 0) {
            depth++;
          } else if (token == JsonToken.END_ARRAY) {
            depth--;
          } else {
            from = in.currentTokenLocation().getCharOffset();
            line = in.currentTokenLocation().getLineNr();
            boolean nested = token.isStructStart();
            in.skipChildren();
            records.accept(
                line,
                nested ? reader.text(from, in.currentLocation().getCharOffset()) : in.getText());
          }
          from = in.currentLocation().getCharOffset();
          line = in.currentLocation().getLineNr();
        }
      } catch (JsonProcessingException e) {
        String rest = reader.text(from, from + SHOWN_CHARACTERS);
        records.accept(line, rest.isBlank() ? "(end of file)" : rest);
      }
    }
  }

  @Override
  public String reason(String record) {
    List<String> reasons = new ArrayList<>();
    try {
      JsonNode tree = new ObjectMapper(factory()).readTree(record);
      if (!tree.isObject()) {
        reasons.add(
            "must be an object, is "
                + tree.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
      } else if (!isOneObject(record)) {
        reasons.add("more than one object");
      } else {
        for (StructField field : schema.fields()) {
          if (!converts(record, field)) {
            reasons.add(
                "%s: %s is no %s"
                    .formatted(
                        field.name(),
                        cut(String.valueOf(tree.get(field.name()))),
                        field.dataType().simpleString()));
          }
        }
      }
    } catch (JsonProcessingException e) {
      reasons.add("not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    if (record.contains(SparkOptions.REPLACEMENT)) {
      reasons.add(SparkOptions.notEncoded(charset()));
    }
    return reasons.isEmpty() ? "malformed" : String.join("; ", reasons);
  }

  private boolean converts(String record, StructField field) {
    Map<String, String> strict = new HashMap<>(options);
    strict.put("mode", "FAILFAST");
    try {
      new JsonToStructs(
              new StructType(new StructField[] {field}),
              SparkOptions.immutable(strict),
              new Literal(UTF8String.fromString(record), DataTypes.StringType),
              Option.apply(SparkOptions.ZONE))
          .eval(InternalRow.empty());
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static String cut(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  private LineReader lines(InputStream bytes) {
    JSONOptions json = SparkOptions.json(options);
    return json.lineSeparatorInRead().isDefined()
        ? new LineReader(bytes, json.lineSeparatorInRead().get())
        : new LineReader(bytes);
  }

  private String decoded(Text text) {
    return new String(text.getBytes(), 0, text.getLength(), Charset.forName(charset()));
  }

  private Reader reader(String address, SerializableConfiguration hadoop) throws IOException {
    Reader reader =
        new BufferedReader(
            new InputStreamReader(
                SourceFiles.open(address, hadoop.value()), Charset.forName(charset())));
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }

  /** Jackson with the options of Spark's parser. */
  private JsonFactory factory() {
    JsonFactory current = factory;
    if (current == null) {
      JSONOptions json = SparkOptions.json(options);
      StreamReadConstraints limits = StreamReadConstraints.defaults();
      current =
          new JsonFactoryBuilder()
              .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, json.allowComments())
              .configure(
                  JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, json.allowUnquotedFieldNames())
              .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, json.allowSingleQuotes())
              .configure(
                  JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, json.allowNumericLeadingZeros())
              .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, json.allowNonNumericNumbers())
              .configure(
                  JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
                  json.allowBackslashEscapingAnyCharacter())
              .configure(
                  JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
                  json.parameters()
                      .get("allowUnquotedControlChars")
                      .exists(text -> Boolean.parseBoolean(text)))
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(
                          limit(json, "maxNestingDepth", limits.getMaxNestingDepth()))
                      .maxNumberLength(limit(json, "maxNumLen", limits.getMaxNumberLength()))
                      .maxStringLength(limit(json, "maxStringLen", limits.getMaxStringLength()))
                      .build())
              .build();
      factory = current;
    }
    return current;
  }

  private static int limit(JSONOptions json, String option, int otherwise) {
    Option<String> given = json.parameters().get(option);
    return given.isDefined() ? Integer.parseInt(given.get()) : otherwise;
  }

  /** Keeps what was read since the last text that was asked for. */
  private static final class RecordingReader extends Reader {
    private final Reader in;
    private final StringBuilder kept = new StringBuilder();
    private long keptFrom;

    RecordingReader(Reader in) {
      this.in = in;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count > 0) {
        kept.append(buffer, offset, count);
      }
      return count;
    }

    /** The text between two positions, the latter cut to what was read; forgets all before it. */
    String text(long from, long to) {
      int end = (int) Math.min(to - keptFrom, kept.length());
      String text = kept.substring((int) (from - keptFrom), end);
      kept.delete(0, end);
      keptFrom += end;
      return text;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
