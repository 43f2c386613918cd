package sluice.quality;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.clean.text.C4Quality;
import sluice.clean.text.GopherQuality;
import sluice.clean.text.TextLanguage;
import sluice.quality.TextProfile.Judged;
import sluice.quality.TextProfile.Lengths;

/** What is counted of the texts of a part, in any order. Not thread-safe. */
final class TextTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private long rows;
  private long judged;

  /** How many texts have which length in code points. */
  private final TreeMap<Integer, Long> lengths = new TreeMap<>();

  private final TreeMap<String, Long> languages = new TreeMap<>();
  private final TreeMap<String, Long> againstC4 = new TreeMap<>();
  private final TreeMap<String, Long> againstGopher = new TreeMap<>();

  /** Counts a row, whose text may be missing. */
  void add(@Nullable String text) {
    rows++;
    if (text != null) {
      lengths.merge(text.codePointCount(0, text.length()), 1L, Long::sum);
    }
  }

  /** Counts the language of a text, and what speaks against it. */
  void judge(@Nullable String text) {
    String language = TextLanguage.of(text);
    if (text == null || language == null) {
      return;
    }
    judged++;
    languages.merge(language, 1L, Long::sum);
    C4Quality.OF_C4
        .violation(text)
        .ifPresent(found -> againstC4.merge(found.heuristic(), 1L, Long::sum));
    GopherQuality.OF_MASSIVE_TEXT
        .violation(text)
        .ifPresent(found -> againstGopher.merge(found.heuristic(), 1L, Long::sum));
  }

  void merge(TextTally other) {
    rows += other.rows;
    judged += other.judged;
    merge(lengths, other.lengths);
    merge(languages, other.languages);
    merge(againstC4, other.againstC4);
    merge(againstGopher, other.againstGopher);
  }

  private static <K> void merge(Map<K, Long> into, Map<K, Long> counts) {
    counts.forEach((key, count) -> into.merge(key, count, Long::sum));
  }

  long rows() {
    return rows;
  }

  /** How many texts have no character. */
  long empty() {
    return lengths.getOrDefault(0, 0L);
  }

  Lengths lengths() {
    return new Lengths(length(0.5), length(0.95), lengths.isEmpty() ? 0 : lengths.lastKey());
  }

  Judged judged() {
    return new Judged(judged, languages, againstC4, againstGopher);
  }

  /** The least length that a share of the texts do not exceed; 0 without a text. */
  private long length(double share) {
    long texts = lengths.values().stream().mapToLong(Long::longValue).sum();
    long within = 0;
    for (Map.Entry<Integer, Long> entry : lengths.entrySet()) {
      within += entry.getValue();
      if (within >= share * texts) {
        return entry.getKey();
      }
    }
    return 0;
  }
}
