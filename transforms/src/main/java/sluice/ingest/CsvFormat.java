package sluice.ingest;

import com.univocity.parsers.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Excerpt;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.ValueParser;
import sluice.ingest.text.TextContent;

/**
 * CSV by the rules of RFC 4180, or where the options name another way to escape quotes, as Spark
 * reads it. The other options have the meaning that they have for Spark.
 */
final class CsvFormat implements TextFormat {
  private static final long serialVersionUID = 1L;

  /** The records that tell how many fields a file without a header has. */
  private static final int LOOKED_AT = 100;

  private static final String NOT_IN_LINE =
      "a quote that is not closed in its line; options.multiLine = true reads fields over several"
          + " lines";
  private static final String NEVER = "a quote that is never closed";

  private final Map<String, String> options;
  private final DatasetContract contract;
  private transient @Nullable Parts parts;

  /** What the options come to; made where it is used. */
  private record Parts(
      CSVOptions csv, CsvScanner scanner, @Nullable CsvParser tokenizer, ValueParser values) {}

  CsvFormat(Map<String, String> options, DatasetContract contract) {
    this.options = options;
    this.contract = contract;
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
    return CsvScanner.mostCharacters(parts().csv());
  }

  @Override
  public String tooLong() {
    return String.format(
        Locale.ROOT,
        "has more than %,d characters (options.maxCharsPerColumn can raise it)",
        mostCharacters());
  }

  @Override
  public boolean isMultiLine() {
    return parts().csv().multiLine();
  }

  @Override
  public boolean hasHeader() {
    return parts().csv().headerFlag();
  }

  @Override
  public boolean isRecord(String line) {
    CSVOptions csv = parts().csv();
    boolean comment = csv.isCommentSet() && !line.isEmpty() && line.charAt(0) == csv.comment();
    return !comment && (!TextFormat.consistsOf(line, " \t\r\n") || line.contains(csv.delimiter()));
  }

  /** The head of a file: its header, or how many fields its first well-formed records have. */
  FileHead head(String address, Configuration hadoop) {
    try (InputStream bytes = SourceFiles.openText(address, hadoop)) {
      checkMark(bytes);
      Iterator<TextRecord> records = records(TextRecords.text(bytes, charset()));
      return hasHeader() ? FileHead.ofHeader(header(records)) : withoutHeader(records);
    } catch (IOException | UncheckedIOException e) {
      return FileHead.ofFailure(e);
    }
  }

  /** The names in the header; nothing if there is no record. */
  private List<String> header(Iterator<TextRecord> records) throws IOException {
    if (!records.hasNext()) {
      return List.of();
    }
    TextRecord header = records.next();
    List<@Nullable String> names = fields(header.text());
    String fault = header.fault() == null ? parts().scanner().fault() : header.fault();
    if (fault != null) {
      throw new IOException("header: " + fault);
    }
    return names.stream().map(name -> name == null ? "" : TextRecords.shown(name)).toList();
  }

  /** Whether a record is the names of the columns, and not one text that a text column may have. */
  private boolean isHeader(List<@Nullable String> fields) {
    return fields.equals(contract.names())
        && (fields.size() > 1 || contract.fields().get(0).type() != FieldType.STRING);
  }

  private FileHead withoutHeader(Iterator<TextRecord> records) {
    Set<Integer> widths = new LinkedHashSet<>();
    for (int looked = 0; looked < LOOKED_AT && records.hasNext(); looked++) {
      TextRecord record = records.next();
      List<@Nullable String> fields = fields(record.text());
      if (looked == 0 && isHeader(fields)) {
        return FileHead.ofProblem(
            "the first line has the names of the columns: set options.header = true");
      }
      if (record.fault() == null && parts().scanner().fault() == null) {
        widths.add(fields.size());
      }
    }
    return FileHead.ofWidths(List.copyOf(widths));
  }

  /** UTF-16 that is read as UTF-8 would differ in everything, which says nothing. */
  private void checkMark(InputStream bytes) throws IOException {
    bytes.mark(2);
    int mark = bytes.read() << 8 | bytes.read();
    bytes.reset();
    if ((mark == 0xFEFF || mark == 0xFFFE) && charset().equals(StandardCharsets.UTF_8)) {
      throw new IOException(
          "begins with the byte order mark of UTF-16: set options.encoding = UTF-16");
    }
  }

  @Override
  public Iterator<TextRecord> records(Reader text) {
    return new Records(new TextLines(text, lineSeparator(), mostCharacters()));
  }

  @Override
  public @Nullable String parse(String record, @Nullable Object[] values) {
    List<@Nullable String> fields = fields(record);
    List<Field> columns = contract.fields();
    String fault = parts().scanner().fault();
    boolean replaced = TextRecords.isReplaced(record);
    List<String> reasons = new ArrayList<>(0);
    if (fault != null) {
      reasons.add(placed(fault, fields.size()));
    } else if (fields.size() != columns.size()) {
      reasons.add(fields.size() + " fields, must be " + columns.size());
    } else {
      boolean replacedText = false;
      String nullValue = parts().csv().nullValue();
      for (int i = 0; i < values.length; i++) {
        String field = fields.get(i);
        if (field == null || field.equals(nullValue)) {
          values[i] = null;
          continue;
        }
        Field column = columns.get(i);
        values[i] = parts().values().parse(field, column.type());
        if (values[i] == null) {
          reasons.add(
              column.name() + ": " + Excerpt.quoted(field) + " is no " + column.type().ddl());
        }
        replacedText |=
            replaced && values[i] instanceof String text && TextRecords.isReplaced(text);
      }
      if (reasons.isEmpty() && !replacedText) {
        return null;
      }
    }
    if (replaced) {
      reasons.add(SparkOptions.notEncoded(charset()));
    }
    return String.join("; ", reasons);
  }

  /** A fault with the column in which it is. */
  private String placed(String fault, int column) {
    return column < contract.fields().size()
        ? contract.fields().get(column).name() + ": " + fault
        : fault;
  }

  private List<@Nullable String> fields(String record) {
    Parts current = parts();
    current.scanner().scan(record, () -> null, current.csv().multiLine() ? NEVER : NOT_IN_LINE);
    if (current.tokenizer() == null || current.scanner().fault() != null) {
      return current.scanner().fields();
    }
    @Nullable String[] tokens = current.tokenizer().parseLine(record);
    return tokens == null ? List.of() : Arrays.asList(tokens);
  }

  private Parts parts() {
    Parts current = parts;
    if (current == null) {
      CSVOptions csv = SparkOptions.csv(options);
      boolean strict = SparkOptions.isStrict(options);
      current =
          new Parts(
              csv,
              new CsvScanner(csv, strict),
              strict ? null : new CsvParser(csv.asParserSettings()),
              SparkOptions.csvNotation(options).parser());
      parts = current;
    }
    return current;
  }

  /** The records of a text. */
  private final class Records implements Iterator<TextRecord> {
    private final TextLines lines;
    private final List<TextRecord> ready = new ArrayList<>();
    private int given;

    Records(TextLines lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      if (given == ready.size()) {
        given = 0;
        ready.clear();
        TextLines.Line line = lines.next();
        while (line != null && !isRecord(line.text())) {
          line = lines.next();
        }
        if (line != null) {
          cut(line);
        }
      }
      return given < ready.size();
    }

    @Override
    public TextRecord next() {
      return ready.get(given++);
    }

    private void cut(TextLines.Line first) {
      if (first.text().length() > mostCharacters()) {
        ready.add(new TextRecord(first.number(), TextContent.begin(first.text()), tooLong()));
        return;
      }
      if (!isMultiLine()) {
        ready.add(new TextRecord(first.number(), first.text(), null));
        return;
      }
      CsvScanner scanner = parts().scanner();
      TextLines.Line[] last = {first};
      scanner.scan(
          first.text(),
          () -> {
            TextLines.Line next = lines.next();
            String between = last[0].end();
            last[0] = next == null ? last[0] : next;
            return next == null ? null : between + next.text();
          },
          NEVER);
      String fault = scanner.fault();
      if (fault == null || last[0].number() == first.number()) {
        ready.add(new TextRecord(first.number(), scanner.text(), null));
        return;
      }
      // Each line is a record of its own, so that the share of what is malformed counts them all.
      String placed = placed(fault, scanner.fields().size());
      TextLines broken =
          new TextLines(new StringReader(scanner.text()), lineSeparator(), mostCharacters());
      for (TextLines.Line line = broken.next(); line != null; line = broken.next()) {
        long number = first.number() + line.number() - 1;
        ready.add(
            new TextRecord(
                number,
                line.text(),
                line.number() == 1
                    ? placed
                    : "part of the record of line " + first.number() + ", in which is " + placed));
      }
    }
  }
}
