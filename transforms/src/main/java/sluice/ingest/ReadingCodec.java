package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;
import org.jspecify.annotations.Nullable;

/**
 * A codec of Hadoop's that reads, and reads a file as a whole: all streams that stand one behind
 * the other, with an exception where one is cut short or followed by anything else.
 */
abstract class ReadingCodec implements CompressionCodec {

  /** The bytes that a compressed stream holds. */
  abstract InputStream decompressed(InputStream compressed) throws IOException;

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new Decompressed(in, decompressed(in));
  }

  @Override
  public CompressionInputStream createInputStream(
      InputStream in, @Nullable Decompressor decompressor) throws IOException {
    return createInputStream(in);
  }

  @Override
  public @Nullable Class<? extends Decompressor> getDecompressorType() {
    return null;
  }

  @Override
  public @Nullable Decompressor createDecompressor() {
    return null;
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) {
    throw new UnsupportedOperationException("sources are not written");
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) {
    return createOutputStream(out);
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    throw new UnsupportedOperationException("sources are not written");
  }

  @Override
  public Compressor createCompressor() {
    throw new UnsupportedOperationException("sources are not written");
  }

  private static final class Decompressed extends CompressionInputStream {
    private final InputStream bytes;

    Decompressed(InputStream compressed, InputStream bytes) throws IOException {
      super(compressed);
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return bytes.read(buffer, offset, length);
    }

    @Override
    public void resetState() {
      throw new UnsupportedOperationException("a stream is read once");
    }

    @Override
    public void close() throws IOException {
      try {
        bytes.close();
      } finally {
        super.close();
      }
    }
  }
}
