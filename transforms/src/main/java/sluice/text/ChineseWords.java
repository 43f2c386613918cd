package sluice.text;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parts Chinese characters into the most probable words: a shortest path (Viterbi 1967) through all
 * words of a dictionary that the characters hold, by the frequencies of words and of words side by
 * side, interpolated (Jelinek and Mercer 1980). A character that is no word of the dictionary is
 * one that was seen once.
 *
 * <p>The dictionary, 85,585 words, and the frequencies, of 403,357 pairs, are those of HanLP's
 * portable edition. Its files are read here, and none of its code runs: that looks for a
 * configuration and for newer files in the directory of the process, and writes its own beside
 * them. They are read once in a process, when the first Chinese text is. Immutable.
 */
final class ChineseWords {
  private static final String WORDS = "/data/dictionary/CoreNatureDictionary.mini.txt.bin";
  private static final String PAIRS =
      "/data/dictionary/CoreNatureDictionary.ngram.mini.txt.table.bin";

  /** So many characters are parted at a time: no sentence is as long, and memory is bounded. */
  private static final int MOST_CHARACTERS = 1000;

  /** Where a sentence begins and where it ends are words of the dictionary. */
  private static final String BEGIN = "始##始";

  private static final String END = "末##末";
  private static final int NO_WORD = -1;

  /** How much the word before counts, and what is kept for pairs that were never seen, as HanLP. */
  private static final double OF_PAIRS = 0.9;

  private static final double UNSEEN = 0.00001;

  /** Of all words together. */
  private final double total;

  /** Of each word, how often it was seen. */
  private final int[] counts;

  /** The words as a double-array trie (Aoe 1989). */
  private final int[] base;

  private final int[] check;

  /** By word, where its pairs begin: the word that follows, and how often it did. */
  private final int[] starts;

  private final int[] pairs;
  private final Word begin;
  private final Word end;

  private ChineseWords(DataInputStream words, DataInputStream pairs) throws IOException {
    counts = new int[words.readInt()];
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = words.readInt();
      sum += counts[i];
      // Parts of speech and their frequencies, two numbers each.
      words.skipNBytes(2L * Integer.BYTES * words.readInt());
    }
    total = sum;
    int size = words.readInt();
    base = new int[size];
    check = new int[size];
    for (int i = 0; i < size; i++) {
      base[i] = words.readInt();
      check[i] = words.readInt();
    }
    // An array in Java's serial form: a header that names its class, the length, the numbers.
    pairs.skipNBytes(23);
    starts = numbers(pairs);
    // The second refers to the class of the first.
    pairs.skipNBytes(6);
    this.pairs = numbers(pairs);
    begin = word(BEGIN);
    end = word(END);
  }

  private static int[] numbers(DataInputStream in) throws IOException {
    int[] numbers = new int[in.readInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readInt();
    }
    return numbers;
  }

  /** Read when it is first needed. */
  private static final class Holder {
    static final ChineseWords DICTIONARY = read();

    private static ChineseWords read() {
      try (DataInputStream words = open(WORDS);
          DataInputStream pairs = open(PAIRS)) {
        return new ChineseWords(words, pairs);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static DataInputStream open(String resource) throws IOException {
      InputStream in = ChineseWords.class.getResourceAsStream(resource);
      if (in == null) {
        throw new FileNotFoundException(resource + " of HanLP is not on the class path");
      }
      return new DataInputStream(new BufferedInputStream(in));
    }
  }

  /**
   * A word of the dictionary, or a character that is none.
   *
   * @param id its number; {@value #NO_WORD} of a character
   * @param count how often it was seen
   * @param end where it ends
   */
  private record Word(int id, int count, int end) {}

  /**
   * A word on the shortest path to its end.
   *
   * @param cost of the path
   * @param start where the word begins
   */
  private record Step(Word word, int start, double cost, @Nullable Step before) {}

  /**
   * Hands on the words of Chinese characters in their order.
   *
   * @param characters of one Java character each
   */
  static void of(String characters, Consumer<String> words) {
    for (int from = 0; from < characters.length(); from += MOST_CHARACTERS) {
      int to = Math.min(characters.length(), from + MOST_CHARACTERS);
      Holder.DICTIONARY.part(characters.substring(from, to), words);
    }
  }

  private void part(String characters, Consumer<String> words) {
    int length = characters.length();
    List<List<Step>> endingAt = new ArrayList<>();
    for (int i = 0; i <= length; i++) {
      endingAt.add(new ArrayList<>());
    }
    endingAt.get(0).add(new Step(begin, 0, 0, null));
    for (int start = 0; start < length; start++) {
      for (Word word : wordsFrom(characters, start)) {
        endingAt.get(word.end).add(shortest(endingAt.get(start), word, start));
      }
    }
    List<String> found = new ArrayList<>();
    Step last = shortest(endingAt.get(length), end, length).before;
    for (Step step = last; step != null && step.before != null; step = step.before) {
      found.add(characters.substring(step.start, step.word.end));
    }
    for (int i = found.size() - 1; i >= 0; i--) {
      words.accept(found.get(i));
    }
  }

  /** The way to a word that costs least; of equal ones the first, whose last word is longest. */
  private Step shortest(List<Step> before, Word word, int start) {
    Step best = before.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (Step step : before) {
      double cost = step.cost + cost(step.word, word);
      if (cost < least) {
        least = cost;
        best = step;
      }
    }
    return new Step(word, start, least, best);
  }

  private double cost(Word before, Word word) {
    double together = (double) together(before.id, word.id) / (before.count + 1);
    double unseen = UNSEEN + 1 / total;
    double ofPair = (1 - unseen) * together + unseen;
    return -StrictMath.log(OF_PAIRS * ofPair + (1 - OF_PAIRS) * word.count / total);
  }

  /** How often a word followed another. */
  private int together(int before, int word) {
    if (before == NO_WORD || word == NO_WORD) {
      return 0;
    }
    int low = starts[before];
    int high = starts[before + 1] - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = pairs[2 * middle];
      if (found == word) {
        return pairs[2 * middle + 1];
      }
      if (found < word) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return 0;
  }

  /** The words that begin here, the shortest first; the character itself if it is none of them. */
  private List<Word> wordsFrom(String characters, int start) {
    List<Word> words = new ArrayList<>();
    int state = base[0];
    for (int i = start; i < characters.length() && state >= 0; i++) {
      state = next(state, characters.charAt(i));
      int id = state < 0 ? NO_WORD : wordAt(state);
      if (id != NO_WORD) {
        words.add(new Word(id, counts[id], i + 1));
      }
      if (i == start && words.isEmpty()) {
        words.add(new Word(NO_WORD, 1, i + 1));
      }
    }
    return words;
  }

  /** The state behind a character; below 0 if no word goes on with it. */
  private int next(int state, char character) {
    int place = state + character + 1;
    return place < check.length && check[place] == state ? base[place] : -1;
  }

  /** The number of the word that ends in a state. */
  private int wordAt(int state) {
    boolean ends = state < check.length && check[state] == state && base[state] < 0;
    return ends ? -base[state] - 1 : NO_WORD;
  }

  private Word word(String text) {
    int state = base[0];
    for (int i = 0; i < text.length() && state >= 0; i++) {
      state = next(state, text.charAt(i));
    }
    int id = state < 0 ? NO_WORD : wordAt(state);
    if (id == NO_WORD) {
      throw new IllegalStateException("the dictionary lacks " + text);
    }
    return new Word(id, counts[id], 0);
  }
}
