package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.data.StorageFault;

/** What tells whether files are still the same: a SHA-256 that is equal for equal files. */
final class FileFingerprint {
  /** Local files up to this size are read; a second for each 400 MB or so. */
  private static final long MAX_CONTENT_BYTES = 256L << 20;

  private FileFingerprint() {}

  /**
   * Of the files that paths lead to, see {@link FileListing}.
   *
   * <p>A file counts by its path, its length and, on local disks and up to 256 MiB altogether, its
   * content; elsewhere by its time of modification instead, which object stores and HDFS set
   * themselves. So a changed byte always shows in small local files, and copying the same file
   * again does not.
   *
   * @throws InvalidInput (data) naming every path that leads to no file
   */
  static String of(List<String> paths, Configuration hadoop) {
    List<SourceFile> files = FileListing.of(paths, hadoop).files();
    boolean local = files.stream().allMatch(file -> "file".equals(file.path().toUri().getScheme()));
    long bytes = files.stream().mapToLong(SourceFile::bytes).sum();
    return digest(files, local && bytes <= MAX_CONTENT_BYTES, hadoop);
  }

  private static String digest(List<SourceFile> files, boolean content, Configuration hadoop) {
    MessageDigest digest = Sha256.start();
    SourceFiles.Opener opener = new SourceFiles.Opener(hadoop);
    for (SourceFile file : files) {
      String mark = content ? contentOf(file, opener) : Long.toString(file.modified());
      String line = "%s\n%d\n%s\n".formatted(file.path(), file.bytes(), mark);
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.finish(digest);
  }

  private static String contentOf(SourceFile file, SourceFiles.Opener opener) {
    MessageDigest digest = Sha256.start();
    try (InputStream in = opener.openStored(file.path())) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw StorageFault.of(e, file.path());
    }
    return Sha256.finish(digest);
  }
}
