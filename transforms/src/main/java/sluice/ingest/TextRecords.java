package sluice.ingest;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import sluice.ingest.text.TextContent;
import sluice.ingest.text.TextEncoding;

/** The records of a piece of a file but for the header, read by a task, with their positions. */
final class TextRecords implements Iterator<TextRecord> {
  /** What the position of a record is, from 1. */
  enum Position {
    /** The number of its first line in the file. */
    LINE,
    /** Its number among the file's records. */
    RECORD
  }

  private static final char REPLACEMENT = '\uFFFD';

  /** Half of a surrogate pair alone: what no decoder makes of bytes that are of its encoding. */
  private static final char REPLACED = '\uDC00';

  private final TextPiece piece;
  private final Position counted;
  private final TaskContext task = TaskContext.get();
  private final Closeable source;
  private final Iterator<TextRecord> records;
  private long line;
  private long lastLine;
  private long number;
  private boolean ended;

  TextRecords(TextPiece piece, TextFormat format, Position counted, Configuration hadoop)
      throws IOException {
    this.piece = piece;
    this.counted = counted;
    Charset charset = format.charset();
    // Hadoop's reader of lines takes a file for compressed by endings in lower case only.
    boolean compressed =
        SourceFiles.codec(
                new CompressionCodecFactory(hadoop), new Path(URI.create(piece.address())))
            != null;
    if (TextPieces.isCutIntoLines(format) && !compressed) {
      String separator = format.lineSeparator();
      if (separator != null) {
        LineRecordReader lines = lines(piece, separator, hadoop);
        source = closedByTask(lines);
        records = new Lines(format, () -> lines.nextKeyValue() ? text(lines, charset) : null);
      } else {
        int most = TextEncoding.mostBytes(format.mostCharacters());
        PieceLines lines = new PieceLines(piece, most, charset, hadoop);
        source = closedByTask(lines);
        records =
            new Lines(
                format, () -> lines.next() ? text(lines.bytes(), lines.length(), charset) : null);
      }
    } else {
      InputStream bytes = SourceFiles.open(piece.address(), hadoop);
      source = closedByTask(bytes);
      Reader text = text(bytes, charset);
      TextLines lines = new TextLines(text, format.lineSeparator(), format.mostCharacters());
      records = format.isMultiLine() ? format.records(text) : new Lines(format, lines::nextText);
    }
    if (format.hasHeader() && piece.from() == 0 && records.hasNext()) {
      records.next();
    }
  }

  private static LineRecordReader lines(TextPiece piece, String separator, Configuration hadoop)
      throws IOException {
    LineRecordReader reader = new LineRecordReader(separator.getBytes(StandardCharsets.UTF_8));
    reader.initialize(
        new FileSplit(
            new Path(URI.create(piece.address())), piece.from(), piece.length(), new String[0]),
        new TaskAttemptContextImpl(
            hadoop, new TaskAttemptID(new TaskID(new JobID(), TaskType.MAP, 0), 0)));
    return reader;
  }

  private static String text(LineRecordReader lines, Charset charset) {
    Text bytes = lines.getCurrentValue();
    return text(bytes.getBytes(), bytes.getLength(), charset);
  }

  private static String text(byte[] bytes, int length, Charset charset) {
    String text = new String(bytes, 0, length, charset);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return marking(charset).decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("what is malformed is replaced", e);
    }
  }

  /** Closes what is read at the task's end, however it ends. */
  private Closeable closedByTask(Closeable source) {
    TaskCompletionListener close = done -> close(source);
    task.addTaskCompletionListener(close);
    return source;
  }

  private static void close(Closeable source) {
    try {
      source.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A decoder that tells what is malformed from the character that usually stands for it. */
  private static CharsetDecoder marking(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .replaceWith(String.valueOf(REPLACED));
  }

  /** Whether a text has bytes that are none of its encoding. */
  static boolean isReplaced(String text) {
    return firstReplaced(text) >= 0;
  }

  /** Where the first bytes are that are none of the text's encoding; -1 if all are. */
  static int firstReplaced(String text) {
    return text.indexOf(REPLACED);
  }

  /** A text as it is shown: what is none of its encoding as U+FFFD. */
  static String shown(String text) {
    return text.replace(REPLACED, REPLACEMENT);
  }

  /** The text of bytes, without the byte order mark that it may begin with. */
  static Reader text(InputStream bytes, Charset charset) throws IOException {
    BufferedReader text = new BufferedReader(new InputStreamReader(bytes, marking(charset)));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  /** The file's name for people. */
  String source() {
    return SourceFiles.named(piece.address());
  }

  /** The position of the record that was last given. */
  long position() {
    return piece.before() + (counted == Position.LINE ? line : number);
  }

  /** The piece's index. */
  int piece() {
    return piece.index();
  }

  /** How many positions the piece holds, once it is read to its end, if its records are lines. */
  long positions() {
    return counted == Position.LINE ? lastLine : number;
  }

  @Override
  public boolean hasNext() {
    task.killTaskIfInterrupted();
    if (!ended && !records.hasNext()) {
      ended = true;
      close(source);
    }
    return !ended;
  }

  @Override
  public TextRecord next() {
    TextRecord record = records.next();
    line = record.line();
    number++;
    return record;
  }

  /** Gives one line after the other; null at the end. */
  private interface NextLine {
    @Nullable String next() throws IOException;
  }

  /** Those lines that are records. */
  private final class Lines implements Iterator<TextRecord> {
    private final TextFormat format;
    private final int most;
    private final NextLine lines;
    private @Nullable TextRecord next;

    Lines(TextFormat format, NextLine lines) {
      this.format = format;
      this.most = format.mostCharacters();
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null) {
          String text = lines.next();
          if (text == null) {
            return false;
          }
          lastLine++;
          next =
              text.length() > most
                  ? tooLong(text)
                  : format.isRecord(text) ? new TextRecord(lastLine, text, null) : null;
        }
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Of a line that is too long its beginning is kept. */
    private TextRecord tooLong(String text) {
      return new TextRecord(lastLine, TextContent.begin(text), format.tooLong());
    }

    @Override
    public TextRecord next() {
      TextRecord record = hasNext() ? next : null;
      if (record == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return record;
    }
  }
}
