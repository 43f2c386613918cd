package sluice.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a source are texts to learn from, and which is their class: what a configuration
 * of texts can leave out.
 *
 * @param texts the columns of texts, at least one; the first is the one without which a row is of
 *     no use
 * @param label the column of the class; null if the source does not know it
 * @param html the column of booleans that is true where the first of the texts is HTML; null if
 *     none is
 */
public record TextColumns(List<String> texts, @Nullable String label, @Nullable String html) {
  public TextColumns {
    texts = List.copyOf(texts);
  }
}
