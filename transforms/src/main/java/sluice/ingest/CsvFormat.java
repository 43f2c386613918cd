package sluice.ingest;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.csv.UnivocityParser;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** The text of CSV files, cut and parsed as Spark's reader does it. */
final class CsvFormat implements MalformedRecords.Format {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_CHARACTERS = 100;

  private final Map<String, String> options;
  private final StructType schema;
  private transient @Nullable CsvParser tokenizer;
  private transient @Nullable UnivocityParser parser;

  CsvFormat(Map<String, String> options, StructType schema) {
    this.options = options;
    this.schema = schema;
  }

  /** The names in a file's header; nothing if the file has no line. */
  List<String> header(String address, SerializableConfiguration hadoop) throws IOException {
    CSVOptions csv = SparkOptions.csv(options);
    CsvParser header = new CsvParser(csv.asParserSettings());
    String[] names;
    try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
      if (csv.multiLine()) {
        header.beginParsing(new InputStreamReader(bytes, charset(csv)));
        names = header.parseNext();
        header.stopParsing();
      } else {
        Lines lines = new Lines(bytes, csv);
        String line = lines.next();
        names = line == null ? null : header.parseLine(line);
      }
    }
    return names == null
        ? List.of()
        : Arrays.stream(names).map(name -> name == null ? "" : name).toList();
  }

  @Override
  public void forEachRecord(
      String address, SerializableConfiguration hadoop, MalformedRecords.LineConsumer records)
      throws IOException {
    CSVOptions csv = SparkOptions.csv(options);
    try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
      if (csv.multiLine()) {
        forEachParsed(bytes, csv, records);
      } else {
        Lines lines = new Lines(bytes, csv);
        if (csv.headerFlag()) {
          lines.next();
        }
        for (String line = lines.next(); line != null; line = lines.next()) {
          records.accept(lines.number, line);
        }
      }
    }
  }

  private static void forEachParsed(
      InputStream bytes, CSVOptions csv, MalformedRecords.LineConsumer records) {
    CsvParser parser = new CsvParser(csv.asParserSettings());
    parser.beginParsing(new InputStreamReader(bytes, charset(csv)));
    if (csv.headerFlag()) {
      parser.parseNext();
    }
    while (parser.parseNext() != null) {
      String content = String.valueOf(parser.getContext().currentParsedContent());
      String record = content.replaceFirst("\r?\n\\z", "");
      // The parser counts the lines that it has left behind, the record's own among them.
      long within = record.chars().filter(c -> c == '\n').count();
      long behind = parser.getContext().currentLine();
      records.accept(behind - within + (content.equals(record) ? 1 : 0), record);
    }
    parser.stopParsing();
  }

  @Override
  public String reason(String record) {
    List<String> reasons = new ArrayList<>();
    try {
      String[] tokens = tokenizer().parseLine(record);
      if (tokens == null) {
        return "no fields, must be " + schema.size();
      }
      if (tokens.length != schema.size()) {
        reasons.add("%d fields, must be %d".formatted(tokens.length, schema.size()));
      } else {
        for (int i = 0; i < tokens.length; i++) {
          if (!converts(tokens[i], schema.fields()[i])) {
            reasons.add(
                "%s: %s is no %s"
                    .formatted(
                        schema.fields()[i].name(),
                        shown(tokens[i]),
                        schema.fields()[i].dataType().simpleString()));
          }
        }
      }
    } catch (TextParsingException e) {
      reasons.add(
          "not CSV: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason"));
    }
    if (record.contains(SparkOptions.REPLACEMENT)) {
      reasons.add(SparkOptions.notEncoded(SparkOptions.csv(options).charset()));
    }
    return reasons.isEmpty() ? "malformed" : String.join("; ", reasons);
  }

  private boolean converts(@Nullable String token, StructField field) {
    try {
      parser().makeConverter(field.name(), field.dataType(), true).apply(token);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  static String shown(@Nullable String text) {
    if (text == null) {
      return "null";
    }
    return text.length() <= SHOWN_CHARACTERS
        ? "\"" + text + "\""
        : "\"" + text.substring(0, SHOWN_CHARACTERS) + "...\"";
  }

  private CsvParser tokenizer() {
    CsvParser current = tokenizer;
    if (current == null) {
      current = new CsvParser(SparkOptions.csv(options).asParserSettings());
      tokenizer = current;
    }
    return current;
  }

  private UnivocityParser parser() {
    UnivocityParser current = parser;
    if (current == null) {
      current = new UnivocityParser(schema, SparkOptions.csv(options));
      parser = current;
    }
    return current;
  }

  private static Charset charset(CSVOptions csv) {
    return Charset.forName(csv.charset());
  }

  /** The lines of a file that hold a record or the header, as Hadoop cuts them. */
  private static final class Lines {
    private final LineReader reader;
    private final Charset charset;
    private final @Nullable String comment;
    private final Text text = new Text();
    private long number;

    Lines(InputStream bytes, CSVOptions csv) {
      reader =
          csv.lineSeparatorInRead().isDefined()
              ? new LineReader(bytes, csv.lineSeparatorInRead().get())
              : new LineReader(bytes);
      charset = charset(csv);
      comment = csv.isCommentSet() ? String.valueOf(csv.comment()) : null;
    }

    @Nullable String next() throws IOException {
      while (reader.readLine(text) > 0) {
        number++;
        String line = new String(text.getBytes(), 0, text.getLength(), charset);
        if (number == 1 && charset.equals(StandardCharsets.UTF_8) && line.startsWith("\uFEFF")) {
          line = line.substring(1);
        }
        if (!line.trim().isEmpty() && (comment == null || !line.startsWith(comment))) {
          return line;
        }
      }
      return null;
    }
  }
}
