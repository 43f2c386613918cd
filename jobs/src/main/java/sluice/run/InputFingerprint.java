package sluice.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.data.Sha256;

/**
 * What tells whether an input is still the same.
 *
 * @param sha256 equal for equal inputs
 * @param files how many there are
 * @param bytes their length together
 */
public record InputFingerprint(String sha256, int files, long bytes) {
  /** Local inputs up to this size are read; a second for each 400 MB or so. */
  static final long MAX_CONTENT_BYTES = 256L << 20;

  /**
   * Of files, as Spark's readers take them: a path or a glob, and the files below it if it is a
   * directory, without those whose names begin with {@code _} or a dot.
   *
   * <p>A file counts by its path, its length and, on local disks and up to 256 MiB altogether, its
   * content; elsewhere by its time of modification instead, which object stores and HDFS set
   * themselves. So a changed byte always shows in small local files, and copying the same file
   * again does not.
   *
   * @throws InvalidInput (data) naming every path that matches no file
   */
  public static InputFingerprint ofFiles(List<String> paths, Configuration hadoop) {
    List<FileStatus> files = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    boolean local = true;
    for (String text : paths) {
      Path path = new Path(text);
      try {
        FileSystem fs = path.getFileSystem(hadoop);
        local &= fs.getUri().getScheme().equals("file");
        int before = files.size();
        FileStatus[] matches = fs.globStatus(path);
        for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
          collect(fs, match, files);
        }
        if (files.size() == before) {
          problems.add("%s: there is no such file".formatted(text));
        }
      } catch (IOException e) {
        throw StorageFault.of(e, path);
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    files.sort(Comparator.comparing(file -> file.getPath().toString()));
    long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
    return new InputFingerprint(
        digest(files, local && bytes <= MAX_CONTENT_BYTES, hadoop), files.size(), bytes);
  }

  /**
   * Of a published stage: equal for attempts that came from equal inputs with equal results, see
   * {@link StageManifest#contentDigest}.
   */
  public static InputFingerprint ofStage(Published published) {
    StageManifest manifest = published.manifest();
    long bytes = manifest.files().stream().mapToLong(StageManifest.OutputFile::bytes).sum();
    return new InputFingerprint(manifest.contentDigest(), manifest.files().size(), bytes);
  }

  private static void collect(FileSystem fs, FileStatus status, List<FileStatus> files)
      throws IOException {
    if (!status.isDirectory()) {
      files.add(status);
      return;
    }
    for (FileStatus child : fs.listStatus(status.getPath())) {
      String name = child.getPath().getName();
      boolean partition = name.startsWith("_") && name.contains("=");
      if (partition || !(name.startsWith("_") || name.startsWith("."))) {
        collect(fs, child, files);
      }
    }
  }

  private static String digest(List<FileStatus> files, boolean content, Configuration hadoop) {
    MessageDigest digest = Sha256.start();
    for (FileStatus file : files) {
      String mark =
          content ? contentOf(file.getPath(), hadoop) : Long.toString(file.getModificationTime());
      String line = "%s\n%d\n%s\n".formatted(file.getPath(), file.getLen(), mark);
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.finish(digest);
  }

  private static String contentOf(Path file, Configuration hadoop) {
    MessageDigest digest = Sha256.start();
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw StorageFault.of(e, file);
    }
    return Sha256.finish(digest);
  }
}
