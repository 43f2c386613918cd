package sluice.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;

/**
 * The records of JSON over several lines: the objects that follow one another, or the elements of
 * arrays, each with the text it has in the file. After what is not JSON no record can be told from
 * another, so that the rest of the file is one more record; so is a record that is too long, with
 * what follows it.
 */
final class JsonElements implements Iterator<TextRecord> {
  private static final int SHOWN_CHARACTERS = 1000;

  private final RecordingReader reader;
  private final JsonParser in;
  private final String tooLong;
  private int depth;
  private long from;
  private long line = 1;
  private boolean broken;
  private @Nullable TextRecord next;

  /**
   * @param most how many characters of a record are held; no more than these and what is read at
   *     once
   * @param tooLong what is said of a record with more
   */
  JsonElements(JsonFactory factory, Reader text, int most, String tooLong) throws IOException {
    this.tooLong = tooLong;
    reader = new RecordingReader(text, most);
    in = factory.createParser(reader);
    next = advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public TextRecord next() {
    TextRecord record = next;
    if (record == null) {
      throw new NoSuchElementException();
    }
    next = advance();
    return record;
  }

  private @Nullable TextRecord advance() {
    if (broken) {
      return null;
    }
    try {
      TextRecord record = null;
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token == JsonToken.START_ARRAY && depth == 0) {
          depth++;
        } else if (token == JsonToken.END_ARRAY) {
          depth--;
        } else {
          record = element(token);
        }
        from = in.currentLocation().getCharOffset();
        line = in.currentLocation().getLineNr();
        if (record != null) {
          return record;
        }
      }
      return null;
    } catch (TooLong e) {
      broken = true;
      return new TextRecord(line, reader.text(from, from + SHOWN_CHARACTERS).strip(), tooLong);
    } catch (JsonProcessingException e) {
      broken = true;
      String rest = Excerpt.start(reader.text(from, from + SHOWN_CHARACTERS + 1), SHOWN_CHARACTERS);
      return new TextRecord(line, rest.isBlank() ? "(end of file)" : rest, JsonFormat.notJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TextRecord element(JsonToken token) throws IOException {
    from = in.currentTokenLocation().getCharOffset();
    line = in.currentTokenLocation().getLineNr();
    long begin = line;
    if (token.isStructStart()) {
      in.skipChildren();
    } else {
      // The parser is at the end of a text once it has been asked for it.
      in.getText();
    }
    String text = reader.text(from, in.currentLocation().getCharOffset());
    return new TextRecord(begin, text.strip(), null);
  }

  /** More of a record was read than is held. */
  private static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Keeps what was read since the last text that was asked for. */
  private static final class RecordingReader extends Reader {
    private final Reader in;
    private final int most;
    private final StringBuilder kept = new StringBuilder();
    private long keptFrom;

    RecordingReader(Reader in, int most) {
      this.in = in;
      this.most = most;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      if (kept.length() > most) {
        throw new TooLong();
      }
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
