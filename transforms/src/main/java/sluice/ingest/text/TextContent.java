package sluice.ingest.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;

/**
 * What a file of one text holds, or the reason why it holds none.
 *
 * @param values by column; a column that is missing is not among them
 * @param encoding the name of the text's encoding
 * @param fault why the file is no such text, for people; null if it is one
 * @param begin of a file that is none, how it begins; empty otherwise
 */
public record TextContent(
    Map<String, Object> values, String encoding, @Nullable String fault, String begin) {
  private static final int BEGIN_CHARACTERS = 1000;

  public TextContent {
    values = Map.copyOf(values);
  }

  static TextContent of(Map<String, Object> values, String encoding) {
    return new TextContent(values, encoding, null, "");
  }

  /** Of a file that is no text. */
  static TextContent faulty(String fault, String text) {
    return new TextContent(Map.of(), "", fault, begin(text));
  }

  /** How a text that is not handed on begins. */
  public static String begin(String text) {
    return Excerpt.start(text, BEGIN_CHARACTERS);
  }
}
