package sluice.ingest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Reads gzip. Hadoop's own codec refuses zeros behind the last stream, which fill up blocks of
 * tapes and disks and which gzip itself passes over.
 */
public final class GzipCodec extends ReadingCodec {
  private static final int BUFFER = 1 << 16;
  private static final int FIRST_BYTE = 0x1F;
  private static final int SECOND_BYTE = 0x8B;

  @Override
  InputStream decompressed(InputStream compressed) throws IOException {
    return new Streams(new BufferedInputStream(compressed, BUFFER));
  }

  @Override
  public String getDefaultExtension() {
    return ".gz";
  }

  /** The streams of a file one after the other. */
  private static final class Streams extends InputStream {
    private final InputStream file;
    private InputStream stream;

    Streams(InputStream file) throws IOException {
      this.file = file;
      try {
        this.stream = new GzipCompressorInputStream(file);
      } catch (EOFException e) {
        throw cutShort(e);
      }
    }

    /** The library says nothing of it. */
    private static EOFException cutShort(EOFException e) {
      EOFException told = new EOFException("Unexpected end of input stream");
      told.initCause(e);
      return told;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int count = stream.read(buffer, offset, length);
        while (count < 0 && isAtAnother()) {
          stream = new GzipCompressorInputStream(file);
          count = stream.read(buffer, offset, length);
        }
        return count;
      } catch (EOFException e) {
        throw cutShort(e);
      }
    }

    private boolean isAtAnother() throws IOException {
      file.mark(2);
      int next = file.read();
      if (next == FIRST_BYTE && file.read() == SECOND_BYTE) {
        file.reset();
        return true;
      }
      while (next == 0) {
        next = file.read();
      }
      if (next > 0) {
        throw new IOException("more than zeros behind the last stream");
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      // It holds memory that is not Java's, and closes the file.
      stream.close();
    }
  }
}
