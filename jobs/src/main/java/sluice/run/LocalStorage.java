package sluice.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;

/**
 * A local disk. Hadoop's local file system renames over a file by deleting it first and creates
 * without excluding others, hence {@code java.nio}; what is written is forced to the disk before it
 * gets its name, and the name after it.
 */
final class LocalStorage extends Storage {
  LocalStorage(FileSystem fs) {
    super(fs);
  }

  @Override
  void replace(Path file, byte[] bytes) throws IOException {
    java.nio.file.Path target = nio(file);
    java.nio.file.Path temporary = nio(temporary(file));
    try {
      write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncDirectory(file.getParent());
  }

  @Override
  boolean createNew(Path file, byte[] bytes) throws IOException {
    java.nio.file.Path target = nio(file);
    try {
      Files.createFile(target);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    try {
      write(target, bytes, StandardOpenOption.WRITE);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
    syncDirectory(file.getParent());
    return true;
  }

  @Override
  boolean exclusive() {
    return true;
  }

  @Override
  Optional<java.nio.file.Path> local(Path path) {
    return Optional.of(nio(path));
  }

  @Override
  boolean isLink(Path path) {
    return Files.isSymbolicLink(nio(path));
  }

  @Override
  void requireFile(Path file) {
    java.nio.file.Path path = nio(file);
    try {
      if (Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
        throw InvalidInput.data("%s: must be a file, is a device or a pipe".formatted(file));
      }
    } catch (IOException e) {
      // Reading it will say so.
    }
  }

  @Override
  void createDirectories(Path directory) throws IOException {
    Files.createDirectories(nio(directory));
  }

  private static void write(java.nio.file.Path file, byte[] bytes, OpenOption... options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, Set.of(options))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** So that the new name outlives a loss of power; some systems cannot, and need not. */
  private void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(nio(directory), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // The rename is done and seen by all; only its survival of a power cut is not assured.
    }
  }

  private java.nio.file.Path nio(Path path) {
    return java.nio.file.Path.of(qualified(path).toUri().getPath());
  }
}
