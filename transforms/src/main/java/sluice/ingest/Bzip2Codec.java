package sluice.ingest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Reads bzip2 by one task a file. Hadoop's own codec reads only the first of several streams where
 * a file is not split, and can read a record twice where it is (HADOOP-18321).
 */
public final class Bzip2Codec extends ReadingCodec {
  private static final int BUFFER = 1 << 16;

  @Override
  InputStream decompressed(InputStream compressed) throws IOException {
    return new BZip2CompressorInputStream(new BufferedInputStream(compressed, BUFFER), true);
  }

  @Override
  public String getDefaultExtension() {
    return ".bz2";
  }
}
