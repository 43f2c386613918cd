package sluice.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.jspecify.annotations.Nullable;

/**
 * Cuts CSV into records and fields by RFC 4180: a field that holds a separator, a quote or a line
 * break is in quotes, and a quote in it is doubled. Whatever breaks the rules is a fault of the
 * record, and the record ends with the line in which it shows.
 *
 * <p>A scanner that is not strict finds the same ends of records with quotes escaped in any way,
 * and text after a closing quote is text. Its fields mean nothing; Spark's tokenizer cuts them.
 */
final class CsvScanner {
  /**
   * The characters that a record may have, unless the options name more for a field: a quote that
   * is never closed would fill the memory.
   */
  private static final int MOST_CHARACTERS = 16_000_000;

  private static final char NONE = '\0';
  private static final String READ_AS_TEXT = " (RFC 4180; options.escape = \"\\\\\" allows it)";

  private final String separator;
  private final char quote;
  private final char escape;
  private final boolean strict;
  private final boolean ignoreLeading;
  private final boolean ignoreTrailing;
  private final String emptyValue;
  private final int mostFieldCharacters;
  private final int mostCharacters;

  private final List<@Nullable String> fields = new ArrayList<>();
  private char[] text = new char[256];
  private int length;
  private int at;
  private @Nullable String fault;

  CsvScanner(CSVOptions csv, boolean strict) {
    this.separator = csv.delimiter();
    this.quote = csv.quote();
    this.escape = csv.escape();
    this.strict = strict;
    this.ignoreLeading = csv.ignoreLeadingWhiteSpaceInRead();
    this.ignoreTrailing = csv.ignoreTrailingWhiteSpaceInRead();
    this.emptyValue = csv.emptyValueInRead();
    this.mostFieldCharacters = csv.maxCharsPerColumn();
    this.mostCharacters = mostCharacters(csv);
  }

  /** The most characters that a record may have. */
  static int mostCharacters(CSVOptions csv) {
    return Math.max(MOST_CHARACTERS, csv.maxCharsPerColumn());
  }

  /**
   * Cuts a record.
   *
   * @param first the record, or its beginning
   * @param more gives what follows where a quoted field goes on, the line break before it included;
   *     null at the end
   * @param unclosed the fault of a quote that is still open then
   */
  void scan(String first, Supplier<@Nullable String> more, String unclosed) {
    fields.clear();
    length = 0;
    at = 0;
    fault = null;
    append(first);
    boolean another = true;
    while (another && fault == null) {
      field(more, unclosed);
      another = fault == null && isSeparator(at);
      at += another ? separator.length() : 0;
    }
  }

  /**
   * The fields, null where one is empty and not in quotes; those before the fault if there is one.
   */
  List<@Nullable String> fields() {
    return fields;
  }

  /** What breaks the rules in the field after the last, or null. */
  @Nullable String fault() {
    return fault;
  }

  /** The text of the whole record. */
  String text() {
    return new String(text, 0, length);
  }

  private void field(Supplier<@Nullable String> more, String unclosed) {
    int from = at;
    while (ignoreLeading && isBlank(from)) {
      from++;
    }
    if (quote != NONE && from < length && text[from] == quote) {
      at = from + 1;
      quoted(more, unclosed);
    } else {
      unquoted(from);
    }
    if (mostFieldCharacters > 0 && fault == null) {
      String value = fields.get(fields.size() - 1);
      if (value != null && value.length() > mostFieldCharacters) {
        fault = "more than " + mostFieldCharacters + " characters (options.maxCharsPerColumn)";
      }
    }
  }

  private void unquoted(int from) {
    boolean quotes = false;
    for (at = from; at < length && !isSeparator(at); at++) {
      quotes |= text[at] == quote;
    }
    if (quotes && strict && quote != NONE) {
      fault = "a quote in a field that is not in quotes" + READ_AS_TEXT;
      return;
    }
    int to = at;
    while (ignoreTrailing && to > from && text[to - 1] <= ' ') {
      to--;
    }
    fields.add(from == to ? null : new String(text, from, to - from));
  }

  private void quoted(Supplier<@Nullable String> more, String unclosed) {
    StringBuilder value = null;
    int from = at;
    while (true) {
      while (at < length && text[at] != quote && text[at] != escape) {
        at++;
      }
      if (at == length) {
        if (length > mostCharacters) {
          fault = "a field in quotes of more than " + mostCharacters + " characters";
          return;
        }
        String next = more.get();
        if (next == null) {
          fault = unclosed;
          return;
        }
        append(next);
      } else if (text[at] == escape
          && escape != NONE
          && at + 1 < length
          && (text[at + 1] == quote || text[at + 1] == escape)) {
        value = value == null ? new StringBuilder() : value;
        value.append(text, from, at - from);
        from = at + 1;
        at += 2;
      } else if (text[at] == quote) {
        break;
      } else {
        at++;
      }
    }
    String last = new String(text, from, at - from);
    String all = value == null ? last : value.append(last).toString();
    at++;
    int after = at;
    while (isBlank(after) && (ignoreTrailing || !strict)) {
      after++;
    }
    if (after == length || isSeparator(after)) {
      at = after;
    } else if (strict) {
      fault = "text after a closing quote" + READ_AS_TEXT;
      return;
    } else {
      while (at < length && !isSeparator(at)) {
        at++;
      }
    }
    fields.add(all.isEmpty() ? emptyValue : all);
  }

  private boolean isBlank(int place) {
    return place < length && text[place] <= ' ' && !isSeparator(place);
  }

  private boolean isSeparator(int place) {
    if (place >= length || text[place] != separator.charAt(0)) {
      return false;
    }
    for (int i = 1; i < separator.length(); i++) {
      if (place + i >= length || text[place + i] != separator.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void append(String more) {
    int needed = length + more.length();
    if (needed > text.length) {
      text = Arrays.copyOf(text, Math.max(needed, 2 * text.length));
    }
    more.getChars(0, more.length(), text, length);
    length = needed;
  }
}
