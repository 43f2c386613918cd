package sluice.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * The lines of a piece of a plain file, as bytes, in bounded memory: of a longer line only so many
 * bytes are kept. A line ends with a line feed, a carriage return or both.
 *
 * <p>A piece has the lines that begin behind its first byte, up to the one that begins where the
 * next piece does; the first piece of a file also has the file's first line. So Hadoop cuts files
 * too.
 */
final class PieceLines implements Closeable {
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int BUFFER_BYTES = 1 << 16;

  private final FSDataInputStream in;
  private final long end;
  private final int most;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int filled;

  /** Where in the file the buffer's next byte is. */
  private long position;

  private byte[] line = new byte[256];
  private int length;

  /**
   * @param most how many bytes of a line are kept
   */
  PieceLines(TextPiece piece, int most, Charset charset, Configuration hadoop) throws IOException {
    this.most = most;
    this.end = piece.from() + piece.length();
    Path path = new Path(URI.create(piece.address()));
    this.in = path.getFileSystem(SourceFiles.reading(hadoop)).open(path);
    try {
      in.seek(piece.from());
      position = piece.from();
      if (position > 0) {
        read(0);
      } else if (charset.equals(StandardCharsets.UTF_8) && beginsWithMark()) {
        at += MARK.length;
        position += MARK.length;
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private boolean beginsWithMark() throws IOException {
    while (filled < MARK.length) {
      int more = in.read(buffer, filled, buffer.length - filled);
      if (more < 0) {
        return false;
      }
      filled += more;
    }
    return Arrays.equals(buffer, 0, MARK.length, MARK, 0, MARK.length);
  }

  /** Goes to the next line; false if there is none. */
  boolean next() throws IOException {
    return position <= end && read(most);
  }

  /** The bytes of the line, from the first, and whatever is behind them. */
  byte[] bytes() {
    return line;
  }

  /** How many bytes of the line there are. */
  int length() {
    return length;
  }

  /** Reads a line; false at the end of the file. */
  private boolean read(int kept) throws IOException {
    length = 0;
    if (!isFilled()) {
      return false;
    }
    while (isFilled()) {
      int from = at;
      while (at < filled && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      position += at - from;
      keep(from, Math.min(at - from, kept - length));
      if (at < filled) {
        take();
        if (buffer[at - 1] == '\r' && isFilled() && buffer[at] == '\n') {
          take();
        }
        return true;
      }
    }
    return true;
  }

  private void take() {
    at++;
    position++;
  }

  private void keep(int from, int bytes) {
    if (length + bytes > line.length) {
      line = Arrays.copyOf(line, (int) Math.min(most, Math.max(length + bytes, 2L * line.length)));
    }
    System.arraycopy(buffer, from, line, length, bytes);
    length += bytes;
  }

  private boolean isFilled() throws IOException {
    if (at < filled) {
      return true;
    }
    at = 0;
    filled = Math.max(0, in.read(buffer, 0, buffer.length));
    return filled > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
