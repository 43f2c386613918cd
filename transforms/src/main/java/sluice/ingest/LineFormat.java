package sluice.ingest;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.ingest.text.TextEncoding;

/**
 * Lines of which each is a text. A line of none but white space is no record.
 *
 * @param encoding the name of the files' encoding
 * @param mostCharacters that a line may have
 */
record LineFormat(String encoding, int mostCharacters) implements TextFormat {
  @Override
  public String tooLong() {
    return TextEncoding.tooLong(mostCharacters);
  }

  @Override
  public Charset charset() {
    return Charset.forName(encoding);
  }

  @Override
  public @Nullable String lineSeparator() {
    return null;
  }

  @Override
  public boolean isMultiLine() {
    return false;
  }

  @Override
  public boolean hasHeader() {
    return false;
  }

  @Override
  public boolean isRecord(String line) {
    return !line.isBlank();
  }

  @Override
  public Iterator<TextRecord> records(Reader text) throws IOException {
    throw new UnsupportedOperationException("a record is a line");
  }

  @Override
  public @Nullable String parse(String record, @Nullable Object[] values) {
    int at = TextRecords.firstReplaced(record);
    if (at >= 0) {
      return String.format(
          Locale.ROOT,
          "bytes that are not %s at character %,d: format.encoding names another encoding",
          charset().name(),
          at + 1);
    }
    String fault = TextEncoding.noText(record, "line");
    if (fault == null) {
      values[0] = record;
    }
    return fault;
  }
}
