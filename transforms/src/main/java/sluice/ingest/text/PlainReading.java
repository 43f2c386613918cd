package sluice.ingest.text;

import java.util.List;
import java.util.Map;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;

/**
 * A file is a text and nothing else.
 *
 * @param encoding of the file
 * @param maxText the most characters that a text may have
 */
public record PlainReading(TextEncoding encoding, int maxText) implements FileReading {
  @Override
  public DatasetContract columns() {
    return new DatasetContract(List.of(new Field(TEXT, FieldType.STRING)));
  }

  @Override
  public int mostBytes() {
    return TextEncoding.mostBytes(maxText);
  }

  @Override
  public TextContent read(byte[] bytes) {
    Decoded decoded = encoding.decode(bytes, maxText);
    return decoded.fault() == null
        ? TextContent.of(Map.of(TEXT, decoded.text()), decoded.encoding())
        : TextContent.faulty(decoded.fault(), decoded.text());
  }
}
