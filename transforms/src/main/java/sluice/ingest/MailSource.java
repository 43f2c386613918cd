package sluice.ingest;

import sluice.ingest.text.FileReading;
import sluice.ingest.text.MailReading;
import sluice.ingest.text.TextEncoding;

/**
 * Files of one mail each, in folders of their classes, see {@link WholeTextSource} and {@link
 * MailReading}.
 *
 * @param encoding of what a mail does not name the encoding of, or names wrongly
 * @param maxText the most characters that the text of a mail may have
 */
record MailSource(String encoding, int maxText) implements WholeTextSource {
  MailSource {
    TextSource.require(encoding, maxText).hold();
  }

  @Override
  public FileReading reading() {
    return new MailReading(new TextEncoding(encoding), maxText);
  }
}
