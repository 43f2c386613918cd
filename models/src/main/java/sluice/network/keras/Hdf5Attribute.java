package sluice.network.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import sluice.data.InvalidInput;

/**
 * A text that the root group of an HDF5 file has for an attribute: the one thing of such files that
 * is read here. It takes the layout that h5py writes unless told otherwise: superblock of version 0
 * or 1, object headers of version 1 (HDF5 File Format Specification, version 3.0, sections II.A,
 * III.E, IV.A.1 and IV.A.2.m). Every offset and length is checked against the file before it is
 * followed, and no more messages are read than the file has bytes.
 */
final class Hdf5Attribute {
  private static final long SIGNATURE = 0x0A1A0A0D46444889L;
  private static final int CONTINUATION = 0x10;
  private static final int ATTRIBUTE = 0x0C;
  private static final int FIXED_TEXT = 3;
  private static final int VARIABLE = 9;

  /** A block of messages. */
  private record Block(int at, int length) {}

  private final ByteBuffer file;
  private final String where;

  private Hdf5Attribute(byte[] content, String where) {
    this.file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
  }

  /** Whether a file begins as HDF5 does. */
  static boolean isIn(byte[] content) {
    return content.length >= Long.BYTES
        && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong() == SIGNATURE;
  }

  /**
   * The text of an attribute; empty if the root group has none of this name.
   *
   * @param content of the file
   * @param where the file, for messages
   * @throws InvalidInput (data) if the file is damaged or of another layout
   */
  static Optional<String> text(byte[] content, String name, String where) {
    try {
      return new Hdf5Attribute(content, where).text(name);
    } catch (IndexOutOfBoundsException e) {
      throw InvalidInput.data(where + ": must be a whole HDF5 file, ends within a value");
    }
  }

  private Optional<String> text(String name) {
    int version = unsigned(file.get(8));
    require(version <= 1, "must have a superblock of version 0 or 1", version);
    require(file.get(13) == 8 && file.get(14) == 8, "must have offsets of 8 bytes", file.get(13));
    int root = version == 0 ? 56 : 60;
    int header = at(file.getLong(root + 8));
    require(file.get(header) == 1, "must have object headers of version 1", file.get(header));
    Deque<Block> blocks = new ArrayDeque<>();
    blocks.add(new Block(header + 16, length(file.getInt(header + 8))));
    int messages = 0;
    while (!blocks.isEmpty()) {
      Block block = blocks.remove();
      int end = Math.addExact(block.at(), block.length());
      for (int at = block.at(); at + 8 <= end; ) {
        require(++messages <= file.limit() / 8, "must have no header in a circle", messages);
        int type = Short.toUnsignedInt(file.getShort(at));
        int size = Short.toUnsignedInt(file.getShort(at + 2));
        int data = at + 8;
        if (type == CONTINUATION) {
          blocks.add(new Block(at(file.getLong(data)), length(file.getLong(data + 8))));
        } else if (type == ATTRIBUTE && isNamed(data, name)) {
          return Optional.of(value(data));
        }
        at = data + size;
      }
    }
    return Optional.empty();
  }

  private int nameAt(int message) {
    return message + (file.get(message) == 3 ? 9 : 8);
  }

  private boolean isNamed(int message, String name) {
    return bytes(nameAt(message), Short.toUnsignedInt(file.getShort(message + 2)))
        .equals(name + "\0");
  }

  private String value(int message) {
    int version = file.get(message);
    require(version >= 1 && version <= 3, "must have attributes of version 1 to 3", version);
    require(version == 1 || file.get(message + 1) == 0, "must not share types", version);
    // The first version fills each part up to a multiple of eight bytes.
    int name = filled(version, Short.toUnsignedInt(file.getShort(message + 2)));
    int types = filled(version, Short.toUnsignedInt(file.getShort(message + 4)));
    int space = filled(version, Short.toUnsignedInt(file.getShort(message + 6)));
    int type = nameAt(message) + name;
    int data = type + types + space;
    require(file.get(type + types + 1) == 0, "must have one text there, not a list", "one");
    int kind = file.get(type) & 0x0F;
    if (kind == FIXED_TEXT) {
      return trimmed(bytes(data, length(file.getInt(type + 4))));
    }
    require(kind == VARIABLE && (file.get(type + 1) & 0x0F) == 1, "must have a text there", kind);
    return trimmed(
        heap(length(file.getInt(data)), at(file.getLong(data + 4)), file.getInt(data + 12)));
  }

  /** An object of a collection of the global heap. */
  private String heap(int length, int collection, int index) {
    require(bytes(collection, 4).equals("GCOL"), "must have a heap for texts", collection);
    long end = collection + file.getLong(collection + 8);
    long at = collection + 16L;
    while (at + 16 <= Math.min(end, file.limit())) {
      int object = (int) at;
      int size = length(file.getLong(object + 8));
      if (Short.toUnsignedInt(file.getShort(object)) == index) {
        require(length <= size, "must have a text no longer than its place", length);
        return bytes(object + 16, length);
      }
      at += 16 + (size + 7L) / 8 * 8;
    }
    throw InvalidInput.data(where + ": must have the text that it refers to, it is not there");
  }

  private String bytes(int at, int length) {
    if (at < 0 || length < 0 || (long) at + length > file.limit()) {
      throw new IndexOutOfBoundsException(at);
    }
    return new String(file.array(), at, length, StandardCharsets.UTF_8);
  }

  private static String trimmed(String text) {
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private static int filled(int version, int length) {
    return version == 1 ? (length + 7) / 8 * 8 : length;
  }

  private static int unsigned(byte value) {
    return Byte.toUnsignedInt(value);
  }

  private int at(long offset) {
    if (offset < 0 || offset >= file.limit()) {
      throw new IndexOutOfBoundsException();
    }
    return (int) offset;
  }

  private int length(long length) {
    if (length < 0 || length > file.limit()) {
      throw new IndexOutOfBoundsException();
    }
    return (int) length;
  }

  private void require(boolean holds, String rule, Object got) {
    if (!holds) {
      throw InvalidInput.data(
          "%s: the HDF5 file %s, got %s; h5py writes such files by default"
              .formatted(where, rule, got));
    }
  }
}
