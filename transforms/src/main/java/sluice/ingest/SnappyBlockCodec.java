package sluice.ingest;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Reads snappy as Hadoop writes it: blocks of their length, then pieces of their compressed length
 * and bytes. Hadoop's own codec takes a block that is cut short for the end of the file.
 */
public final class SnappyBlockCodec extends ReadingCodec {
  private static final int BUFFER = 1 << 16;

  @Override
  InputStream decompressed(InputStream compressed) {
    return new Blocks(new DataInputStream(new BufferedInputStream(compressed, BUFFER)));
  }

  @Override
  public String getDefaultExtension() {
    return ".snappy";
  }

  private static final class Blocks extends InputStream {
    private final DataInputStream in;

    /** Bytes of the block that are still compressed. */
    private long left;

    private byte[] piece = new byte[0];
    private int at;

    Blocks(DataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, buffer, offset, count);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      while (at == piece.length) {
        if (left > 0) {
          nextPiece();
          continue;
        }
        byte[] size = in.readNBytes(Integer.BYTES);
        if (size.length == 0) {
          return false;
        }
        require(size.length == Integer.BYTES);
        left = Integer.toUnsignedLong(ByteBuffer.wrap(size).getInt());
      }
      return true;
    }

    private void nextPiece() throws IOException {
      byte[] size = in.readNBytes(Integer.BYTES);
      require(size.length == Integer.BYTES);
      int length = ByteBuffer.wrap(size).getInt();
      if (length <= 0) {
        throw new IOException("a piece of %d bytes".formatted(length));
      }
      byte[] compressed = in.readNBytes(length);
      require(compressed.length == length);
      int bytes = Snappy.uncompressedLength(compressed);
      if (bytes <= 0 || bytes > left) {
        throw new IOException("a piece of %d bytes in a block of %d more".formatted(bytes, left));
      }
      piece = Snappy.uncompress(compressed);
      at = 0;
      left -= bytes;
    }

    private static void require(boolean whole) throws IOException {
      if (!whole) {
        throw new EOFException("Unexpected end of block in input stream");
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
