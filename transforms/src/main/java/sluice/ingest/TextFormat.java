package sluice.ingest;

import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What a format of text knows of its records. It is sent to executors, and used by one thread. */
interface TextFormat extends Serializable {
  /** The encoding of the files. */
  Charset charset();

  /** What ends a line; null for a line feed, a carriage return or both. */
  @Nullable String lineSeparator();

  /** Whether a record may go over several lines, so that a file is read from its start. */
  boolean isMultiLine();

  /**
   * The most characters that a line may have. One with more is malformed, and no more of it than
   * this is held at once, unless lines have an end of their own.
   */
  int mostCharacters();

  /** What is said of a line with more. */
  String tooLong();

  /** Whether the first record of a file is a header. */
  boolean hasHeader();

  /** Whether a line is a record, and not blank or a comment. */
  boolean isRecord(String line);

  /** Whether a line has none but these characters. */
  static boolean consistsOf(String line, String characters) {
    for (int i = 0; i < line.length(); i++) {
      if (characters.indexOf(line.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The records of a whole file, the header among them.
   *
   * @param text see {@link TextRecords#text}
   */
  Iterator<TextRecord> records(Reader text) throws IOException;

  /**
   * Parses a record.
   *
   * @param values takes the values of the declared columns, in order
   * @return why the record is malformed, or null if it is not
   */
  @Nullable String parse(String record, @Nullable Object[] values);
}
