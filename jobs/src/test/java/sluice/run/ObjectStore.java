package sluice.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system with the manners of an object store: an object appears when its upload is closed,
 * whoever closes last wins, nothing can be renamed; and it can be made to be full. Objects are
 * files of the local disk under the same path.
 */
public final class ObjectStore extends RawLocalFileSystem {
  static final String SCHEME = "objects";

  /** Bytes that can still be written. */
  static final AtomicLong CAPACITY = new AtomicLong(Long.MAX_VALUE);

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs." + SCHEME + ".impl", ObjectStore.class.getName());
    return hadoop;
  }

  static org.apache.hadoop.fs.Path path(Path local) {
    return new org.apache.hadoop.fs.Path(SCHEME + "://" + local);
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    Path target = pathToFile(file).toPath();
    if (!overwrite && Files.exists(target)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return new FSDataOutputStream(new Upload(target), new FileSystem.Statistics(SCHEME));
  }

  @Override
  public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
    throw new UnsupportedOperationException("a rename is a copy here");
  }

  private static final class Upload extends ByteArrayOutputStream {
    private final Path target;
    private boolean closed;

    Upload(Path target) {
      this.target = target;
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      if (CAPACITY.addAndGet(-size()) < 0) {
        throw new IOException("No space left on device");
      }
      Files.createDirectories(target.getParent());
      Path upload = Files.createTempFile("upload", UUID.randomUUID().toString());
      Files.write(upload, toByteArray());
      Files.move(upload, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
