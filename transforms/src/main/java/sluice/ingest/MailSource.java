package sluice.ingest;

import java.util.List;
import java.util.Optional;
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
  public Optional<TextColumns> textColumns() {
    return Optional.of(
        new TextColumns(List.of(FileReading.TEXT, MailReading.SUBJECT), LABEL, MailReading.HTML));
  }

  @Override
  public FileReading reading() {
    return new MailReading(new TextEncoding(encoding), maxText);
  }
}
