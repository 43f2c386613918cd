package sluice.run;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/** A file system whose name node renames over a file in one step. */
final class RenameStorage extends Storage {
  private final FileContext context;

  RenameStorage(FileSystem fs, Configuration hadoop) throws IOException {
    super(fs);
    this.context = FileContext.getFileContext(fs.getUri(), hadoop);
  }

  @Override
  void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = temporary(file);
    try {
      write(fs().create(temporary, false), bytes);
      context.rename(temporary, file, Rename.OVERWRITE);
    } catch (IOException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
  }

  @Override
  boolean createNew(Path file, byte[] bytes) throws IOException {
    try {
      write(fs().create(file, false), bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  boolean exclusive() {
    return true;
  }

  private static void write(FSDataOutputStream out, byte[] bytes) throws IOException {
    try (out) {
      out.write(bytes);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  private void deleteQuietly(Path temporary, IOException failure) {
    try {
      delete(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
