package sluice.run;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An object store: an object appears, whole, when its upload is closed. */
final class PutStorage extends Storage {
  PutStorage(FileSystem fs) {
    super(fs);
  }

  @Override
  void replace(Path file, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fs().create(file, true)) {
      out.write(bytes);
    }
  }

  @Override
  boolean createNew(Path file, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = fs().create(file, false)) {
      out.write(bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  boolean exclusive() {
    return false;
  }
}
