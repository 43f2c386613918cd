package sluice.ingest;

import java.io.Serializable;
import java.util.List;

/**
 * A piece of a file: the lines that begin in it, as Hadoop cuts them, or the whole file.
 *
 * @param index among the pieces of a source
 * @param address of the file
 * @param from its first byte
 * @param length its bytes
 * @param before how many {@link TextRecords.Position positions} of the file lie before it, 0 if
 *     that is not known
 * @param hosts machines that hold its bytes; none where that does not matter
 */
record TextPiece(int index, String address, long from, long length, long before, List<String> hosts)
    implements Serializable {
  TextPiece after(long positions) {
    return new TextPiece(index, address, from, length, positions, hosts);
  }
}
