package sluice.ingest;

import java.util.List;
import java.util.Optional;
import sluice.ingest.text.FileReading;
import sluice.ingest.text.PlainReading;
import sluice.ingest.text.TextEncoding;

/**
 * Files of text in folders of their classes, see {@link WholeTextSource}.
 *
 * @param encoding of the files, see {@link TextEncoding}
 * @param maxText the most characters that a text may have
 */
record FoldersSource(String encoding, int maxText) implements WholeTextSource {
  FoldersSource {
    TextSource.require(encoding, maxText).hold();
  }

  @Override
  public Optional<TextColumns> textColumns() {
    return Optional.of(new TextColumns(List.of(FileReading.TEXT), LABEL, null));
  }

  @Override
  public FileReading reading() {
    return new PlainReading(new TextEncoding(encoding), maxText);
  }
}
