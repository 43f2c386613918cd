package sluice.ingest.text;

import java.io.Serializable;
import sluice.data.DatasetContract;

/** How the bytes of a file become the one text that it holds. Without state, for any thread. */
public interface FileReading extends Serializable {
  /** The column of the text. */
  String TEXT = "text";

  /** The columns that it makes. */
  DatasetContract columns();

  /**
   * The most bytes of a file that are looked at: {@link #read} is given these, and one more if
   * there are more.
   */
  int mostBytes();

  /** What a file holds. It throws nothing, whatever the bytes are. */
  TextContent read(byte[] bytes);
}
