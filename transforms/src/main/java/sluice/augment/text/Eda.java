package sluice.augment.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.augment.RowAugmenter;
import sluice.augment.RowCopies;
import sluice.augment.SeededRandom;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.text.PartedText;

/**
 * Adds copies of train rows with a few other words in their texts: easy data augmentation (J. Wei
 * and K. Zou, "EDA: Easy Data Augmentation Techniques for Boosting Performance on Text
 * Classification Tasks", EMNLP 2019). Each copy has gone through one operation, drawn evenly as in
 * the paper: n words are replaced by synonyms; n synonyms of words are inserted anywhere; n times
 * two words are swapped; or n words are deleted, where the paper deletes each word with the
 * probability {@code share}. n is {@code share} of the words, rounded down, at least one. Where
 * that leaves a text as it is, as a swap of equal words or the deletion of its only word, words are
 * inserted; a text without a word stays as it is.
 *
 * <p>Words are those of {@link PartedText}: punctuation and white space stay where they are, but
 * for the space behind a word that goes. Synonyms are those of {@link WordNet}, of words that are
 * no stop words, with a capital letter if the word had one. Where no word of a text has a synonym,
 * as of Chinese, words of the text itself are inserted, by that operation and by the first.
 *
 * @param columns of texts, at least one; each is changed by an operation of its own
 * @param language whose synonyms are known
 * @param share of the words that change; above 0, at most 1
 * @param copies see {@link RowCopies#each}
 * @param classes see {@link RowCopies#classes}
 * @param ratio see {@link RowCopies#ratio}
 */
public record Eda(
    List<String> columns,
    Language language,
    double share,
    @Nullable Integer copies,
    List<String> classes,
    @Nullable Double ratio)
    implements RowAugmenter {
  private static final long serialVersionUID = 1L;

  /** So many words are drawn at most to find one with a synonym that is inserted, as in EDA. */
  private static final int MOST_DRAWN = 10;

  /** Words that no synonym replaces: the stop words of the Natural Language Toolkit, as in EDA. */
  private static final Set<String> STOP_WORDS =
      Set.of(
          ("i me my myself we our ours ourselves you your yours yourself yourselves he him "
                  + "his himself she her hers herself it its itself they them their theirs themselves "
                  + "what which who whom this that these those am is are was were be been being have "
                  + "has had having do does did doing a an the and but if or because as until while "
                  + "of at by for with about against between into through during before after above "
                  + "below to from up down in out on off over under again further then once here "
                  + "there when where why how all any both each few more most other some such no nor "
                  + "not only own same so than too very s t can will just don should now")
              .split(" ", -1));

  /** A language whose synonyms are known, or any other. */
  public enum Language {
    /** English. */
    EN,
    /** Any other: no word has a synonym, and none is replaced. */
    OTHER
  }

  private enum Operation {
    INSERTION,
    SWAP,
    DELETION,
    REPLACEMENT
  }

  public Eda {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
    List<String> problems = new ArrayList<>();
    if (columns.isEmpty()) {
      problems.add("columns must not be empty");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      problems.add("columns must be different, got " + String.join(", ", columns));
    }
    if (!(share > 0 && share <= 1)) {
      problems.add("share must be above 0 and at most 1, got " + share);
    }
    new RowCopies(copies, classes, ratio).check(problems);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public FieldType type() {
    return FieldType.STRING;
  }

  @Override
  public RowCopies rowCopies() {
    return new RowCopies(copies, classes, ratio);
  }

  @Override
  public String changed(Object value, SeededRandom random) {
    String text = (String) value;
    PartedText parted = PartedText.of(text);
    if (parted.words().isEmpty()) {
      return text;
    }
    // Only where there are synonyms is a word replaced, the last of the operations.
    int operations = Operation.values().length - (language == Language.EN ? 0 : 1);
    Operation operation = Operation.values()[random.nextInt(operations)];
    String changed = parted.with(slots(parted.words(), operation, random));
    // As a swap of equal words, or what is left of a text of one word.
    return changed.equals(text)
        ? parted.with(slots(parted.words(), Operation.INSERTION, random))
        : changed;
  }

  private List<List<String>> slots(List<String> words, Operation operation, SeededRandom random) {
    List<List<String>> slots = new ArrayList<>();
    words.forEach(word -> slots.add(List.of(word)));
    slots.add(List.of());
    int count = Math.max(1, (int) (share * words.size()));
    switch (operation) {
      case INSERTION -> insert(words, slots, count, random);
      case SWAP -> swap(words, slots, count, random);
      case DELETION -> delete(words, slots, count, random);
      case REPLACEMENT -> replace(words, slots, count, random);
    }
    return slots;
  }

  private void insert(
      List<String> words, List<List<String>> slots, int count, SeededRandom random) {
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(slots.size());
      List<String> with = new ArrayList<>();
      with.add(inserted(words, random));
      with.addAll(slots.get(place));
      slots.set(place, with);
    }
  }

  /** A synonym of one of a few words, or the last of these. */
  private String inserted(List<String> words, SeededRandom random) {
    String word = "";
    for (int i = 0; i < MOST_DRAWN; i++) {
      word = words.get(random.nextInt(words.size()));
      String synonym = synonym(word, random);
      if (synonym != null) {
        return synonym;
      }
    }
    return word;
  }

  private static void swap(
      List<String> words, List<List<String>> slots, int count, SeededRandom random) {
    int size = words.size();
    for (int i = 0; size > 1 && i < count; i++) {
      int one = random.nextInt(size);
      int other = (one + 1 + random.nextInt(size - 1)) % size;
      slots.set(one, slots.set(other, slots.get(one)));
    }
  }

  private static void delete(
      List<String> words, List<List<String>> slots, int count, SeededRandom random) {
    int[] places = IntStream.range(0, words.size()).toArray();
    for (int i = 0; i < Math.min(count, words.size() - 1); i++) {
      slots.set(drawn(places, i, random), List.of());
    }
  }

  private void replace(
      List<String> words, List<List<String>> slots, int count, SeededRandom random) {
    int[] places = IntStream.range(0, words.size()).toArray();
    int replaced = 0;
    for (int i = 0; i < places.length && replaced < count; i++) {
      int place = drawn(places, i, random);
      String synonym = synonym(words.get(place), random);
      if (synonym != null) {
        slots.set(place, List.of(synonym));
        replaced++;
      }
    }
    if (replaced == 0) {
      insert(words, slots, count, random);
    }
  }

  /** The next of a shuffle (Fisher and Yates) of which so many were drawn. */
  private static int drawn(int[] places, int drawn, SeededRandom random) {
    int at = drawn + random.nextInt(places.length - drawn);
    int place = places[at];
    places[at] = places[drawn];
    places[drawn] = place;
    return place;
  }

  private @Nullable String synonym(String word, SeededRandom random) {
    String lower = word.toLowerCase(Locale.ROOT);
    List<String> synonyms =
        language == Language.OTHER || STOP_WORDS.contains(lower)
            ? List.of()
            : WordNet.synonyms(lower);
    if (synonyms.isEmpty()) {
      return null;
    }
    String synonym = synonyms.get(random.nextInt(synonyms.size()));
    return Character.isUpperCase(word.charAt(0))
        ? Character.toUpperCase(synonym.charAt(0)) + synonym.substring(1)
        : synonym;
  }
}
