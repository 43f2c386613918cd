package sluice.augment.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Synonyms of English words: the words that WordNet 3.1 (Miller 1995; Princeton University) has in
 * a set of synonyms with a word, of all its meanings and parts of speech. Words are those of the
 * sets themselves, base forms as a rule: {@code film} has synonyms, {@code films} has none. What is
 * not of letters alone, as of several words, is left out.
 *
 * <p>The files of the database, which lie in the application jar, are read once in a process, when
 * the first word is asked for. May be asked by several threads.
 */
final class WordNet {
  private static final String FILES = "/net/sf/extjwnl/data/wordnet/wn31/data.";
  private static final List<String> PARTS_OF_SPEECH = List.of("noun", "verb", "adj", "adv");
  private static final int FIRST_WORD = 4;

  private WordNet() {}

  private static final class Sets {
    private static final Map<String, List<String>> SYNONYMS = read();
  }

  /**
   * The synonyms of a word, itself not among them, always in the same order; none if it is not
   * known.
   *
   * @param word in lower case
   */
  static List<String> synonyms(String word) {
    return Sets.SYNONYMS.getOrDefault(word, List.of());
  }

  private static Map<String, List<String>> read() {
    Map<String, Set<String>> synonyms = new HashMap<>();
    for (String part : PARTS_OF_SPEECH) {
      try (InputStream in = WordNet.class.getResourceAsStream(FILES + part)) {
        if (in == null) {
          throw new IllegalStateException("no " + FILES + part + " on the class path");
        }
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          // The licence, above the sets, is indented.
          if (!line.startsWith(" ")) {
            add(words(line), synonyms);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Map<String, List<String>> lists = new HashMap<>();
    synonyms.forEach((word, others) -> lists.put(word, List.copyOf(others)));
    return lists;
  }

  /**
   * The words of a set: {@code offset file type count}, the count in hexadecimal, and a word and a
   * number as often; of an adjective a mark as {@code (p)} may follow.
   */
  private static List<String> words(String line) {
    String[] fields = line.substring(0, line.indexOf('|')).split(" ", -1);
    int count = Integer.parseInt(fields[FIRST_WORD - 1], 16);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String word = fields[FIRST_WORD + 2 * i];
      int mark = word.indexOf('(');
      words.add(mark < 0 ? word : word.substring(0, mark));
    }
    return words;
  }

  private static void add(List<String> words, Map<String, Set<String>> synonyms) {
    for (String word : words) {
      String lower = word.toLowerCase(Locale.ROOT);
      for (String other : words) {
        if (other.chars().allMatch(Character::isLetter) && !other.equalsIgnoreCase(word)) {
          synonyms.computeIfAbsent(lower, any -> new LinkedHashSet<>()).add(other);
        }
      }
    }
  }
}
