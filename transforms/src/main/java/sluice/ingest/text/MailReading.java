package sluice.ingest.text;

import java.util.List;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;

/**
 * A file is a mail in MIME (RFC 2045 to 2049), headers apart from the body. See {@link Mail} for
 * what becomes of it.
 *
 * @param encoding of what says no encoding, or not the one that it has
 * @param maxText the most characters that the body's text may have
 */
public record MailReading(TextEncoding encoding, int maxText) implements FileReading {
  /** The columns that a mail gives, beside its text. */
  public static final String SUBJECT = "subject";

  public static final String HTML = "html";

  static final String SENDER = "sender";
  static final String DATE = "date";

  @Override
  public DatasetContract columns() {
    return new DatasetContract(
        List.of(
            new Field(SUBJECT, FieldType.STRING),
            new Field(SENDER, FieldType.STRING),
            new Field(DATE, FieldType.STRING),
            new Field(TEXT, FieldType.STRING),
            new Field(HTML, FieldType.BOOLEAN)));
  }

  @Override
  public int mostBytes() {
    return TextEncoding.mostBytes(maxText);
  }

  @Override
  public TextContent read(byte[] bytes) {
    return new Mail(this).read(bytes);
  }
}
