package sluice.ingest;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads zstd by the library that Spark brings: Hadoop's own codec needs a build of Hadoop's. */
public final class ZstdCodec extends ReadingCodec {

  @Override
  InputStream decompressed(InputStream compressed) throws IOException {
    return new ZstdInputStream(compressed);
  }

  @Override
  public String getDefaultExtension() {
    return ".zst";
  }
}
