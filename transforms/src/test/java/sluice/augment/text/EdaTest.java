package sluice.augment.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.augment.SeededRandom;
import sluice.data.InvalidInput;
import sluice.text.PartedText;

/** What the four operations do, as Wei and Zou (2019, section 2) say it. */
class EdaTest {
  /** Twelve words, eight of them with synonyms, one of them with a capital; each is there once. */
  private static final String ENGLISH =
      "Begin the movie: a happy child, and an automobile; big house for quick talk.";

  private static final String CHINESE = "我们昨天在车站附近看了一部很好的电影，孩子非常高兴。";

  private enum Found {
    REPLACED,
    INSERTED,
    SWAPPED,
    DELETED
  }

  private static Eda eda(Eda.Language language, double share) {
    return new Eda(List.of("text"), language, share, null, List.of("all"), null);
  }

  private static List<String> words(String text) {
    return PartedText.of(text).words();
  }

  private static List<String> sorted(List<String> words) {
    List<String> sorted = new ArrayList<>(words);
    Collections.sort(sorted);
    return sorted;
  }

  /** Whether some words are others without some of these, in their order. */
  private static boolean areWithin(List<String> some, List<String> all) {
    int at = 0;
    for (String word : all) {
      at += at < some.size() && some.get(at).equals(word) ? 1 : 0;
    }
    return at == some.size();
  }

  /** Which operation made a text of another, whose words are all different. */
  private static Found operation(List<String> before, List<String> after) {
    if (after.size() != before.size()) {
      return after.size() > before.size() ? Found.INSERTED : Found.DELETED;
    }
    return sorted(after).equals(sorted(before)) ? Found.SWAPPED : Found.REPLACED;
  }

  private static List<String> synonyms(String word) {
    return WordNet.synonyms(word.toLowerCase(Locale.ROOT)).stream()
        .map(each -> each.toLowerCase(Locale.ROOT))
        .toList();
  }

  @Test
  void eachCopyHasGoneThroughOneOfFourOperations() {
    List<String> before = words(ENGLISH);
    assertThat(before).hasSize(14).doesNotHaveDuplicates();
    Map<Found, Integer> counts = new EnumMap<>(Found.class);
    for (int seed = 0; seed < 400; seed++) {
      // A share of 0.15 of 14 words is two of them.
      String changed = eda(Eda.Language.EN, 0.15).changed(ENGLISH, new SeededRandom(seed));
      List<String> after = words(changed);
      Found found = operation(before, after);
      counts.merge(found, 1, Integer::sum);
      switch (found) {
        case REPLACED -> {
          List<Integer> places = new ArrayList<>();
          for (int i = 0; i < before.size(); i++) {
            if (!after.get(i).equals(before.get(i))) {
              places.add(i);
              assertThat(synonyms(before.get(i))).contains(after.get(i).toLowerCase(Locale.ROOT));
              assertThat(Character.isUpperCase(after.get(i).charAt(0)) || i > 0).isTrue();
              assertThat(before.get(i)).isNotIn("the", "a", "and", "an", "for");
            }
          }
          assertThat(places).as(changed).hasSize(2);
        }
        case INSERTED -> {
          assertThat(after).hasSize(16);
          assertThat(areWithin(before, after)).as(changed).isTrue();
          List<String> more = new ArrayList<>(after);
          before.forEach(more::remove);
          List<String> known = before.stream().flatMap(word -> synonyms(word).stream()).toList();
          assertThat(more)
              .as(changed)
              .allSatisfy(word -> assertThat(known).contains(word.toLowerCase(Locale.ROOT)));
        }
        case SWAPPED ->
            // Two exchanges move two words at least and four at most, unless they undo each other.
            assertThat(moved(before, after)).as(changed).isIn(0, 2, 3, 4);
        case DELETED -> {
          assertThat(after).hasSize(12);
          assertThat(areWithin(after, before)).as(changed).isTrue();
        }
      }
      assertThat(changed.replaceAll("[^:,;.]", "")).isEqualTo(":,;.");
    }
    // Of 400 copies a quarter each; five standard deviations are 43.
    assertThat(counts).hasSize(4);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(57, 143));
  }

  private static int moved(List<String> before, List<String> after) {
    int moved = 0;
    for (int i = 0; i < before.size(); i++) {
      moved += before.get(i).equals(after.get(i)) ? 0 : 1;
    }
    return moved;
  }

  /** Without a thesaurus there are three, and what is inserted is of the text. */
  @Test
  void otherLanguagesGetWordsOfTheText() {
    for (String text : List.of(ENGLISH, CHINESE)) {
      List<String> before = words(text);
      int count = (int) (0.2 * before.size());
      Map<Found, Integer> counts = new EnumMap<>(Found.class);
      for (int seed = 0; seed < 200; seed++) {
        String changed = eda(Eda.Language.OTHER, 0.2).changed(text, new SeededRandom(seed));
        if (text.equals(CHINESE)) {
          assertThat(changed).doesNotContain(" ").contains("，").endsWith("。");
          counts.merge(
              changed.length() == text.length()
                  ? Found.SWAPPED
                  : changed.length() > text.length() ? Found.INSERTED : Found.DELETED,
              1,
              Integer::sum);
          assertThat(text.chars().boxed().toList()).containsAll(changed.chars().boxed().toList());
        } else {
          List<String> after = words(changed);
          assertThat(before).containsAll(after);
          assertThat(after.size() - before.size()).isIn(-count, 0, count);
          counts.merge(operation(before, after), 1, Integer::sum);
        }
      }
      assertThat(counts).containsOnlyKeys(Found.INSERTED, Found.SWAPPED, Found.DELETED);
      assertThat(counts.values()).allSatisfy(n -> assertThat(n).isBetween(33, 100));
    }
  }

  @Test
  void aChineseTextGetsItsOwnWordsWhereEnglishIsExpected() {
    for (int seed = 0; seed < 100; seed++) {
      String changed = eda(Eda.Language.EN, 0.2).changed(CHINESE, new SeededRandom(seed));
      assertThat(CHINESE.chars().boxed().toList()).containsAll(changed.chars().boxed().toList());
      assertThat(changed).isNotEmpty();
    }
  }

  @Test
  void oddTextsStayTexts() {
    for (String text :
        List.of("", " \n", "?!", "\uD800", "one", "\u202E\u05D0 x", "a".repeat(300))) {
      for (int seed = 0; seed < 40; seed++) {
        String changed = eda(Eda.Language.EN, 1).changed(text, new SeededRandom(seed));
        if (words(text).isEmpty()) {
          assertThat(changed).isEqualTo(text);
        } else {
          assertThat(words(changed)).isNotEmpty();
        }
        assertThat(eda(Eda.Language.EN, 1).changed(text, new SeededRandom(seed)))
            .isEqualTo(changed);
      }
    }
  }

  /** Of one word, or of equal ones, whatever operation is drawn. */
  @Test
  void aTextWithAWordIsNeverCopiedUnchanged() {
    for (String text :
        List.of("one", "good good", "Fine. Fine! Fine?", "\u597d\uff0c\u597d\u3002")) {
      for (Eda.Language language : Eda.Language.values()) {
        for (int seed = 0; seed < 40; seed++) {
          assertThat(eda(language, 0.1).changed(text, new SeededRandom(seed))).isNotEqualTo(text);
        }
      }
    }
  }

  @Test
  void theTimeIsInProportionToTheLength() {
    String text = "Good films make people happy. ".repeat(40_000);
    for (int seed = 0; seed < 4; seed++) {
      assertThat(eda(Eda.Language.EN, 0.5).changed(text, new SeededRandom(seed))).isNotEmpty();
    }
  }

  @Test
  void wordNetHasTheSynonymsOfAllMeanings() {
    assertThat(WordNet.synonyms("movie")).containsExactly("film", "picture", "pic", "flick");
    assertThat(WordNet.synonyms("happy")).isNotEmpty().doesNotContain("well-chosen");
    assertThat(WordNet.synonyms("quick")).contains("fast", "speedy", "agile", "nimble", "flying");
    assertThat(WordNet.synonyms("automobile")).contains("car", "auto", "machine");
    assertThat(WordNet.synonyms("films")).isEmpty();
    assertThat(WordNet.synonyms("")).isEmpty();
  }

  @Test
  void everyParameterOutOfRangeIsTold() {
    assertThatThrownBy(() -> new Eda(List.of(), Eda.Language.EN, 0, 3, List.of("all", "spam"), 1.0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            columns must not be empty
            share must be above 0 and at most 1, got 0.0
            classes must be minority, all or a list of classes, got all, spam
            copies must not be given with ratio, which tells how many there are, got 3 and 1.0""");
    assertThatThrownBy(
            () ->
                new Eda(List.of("a", "a"), Eda.Language.OTHER, Double.NaN, 0, List.of("all"), null))
        .hasMessage(
            """
            columns must be different, got a, a
            share must be above 0 and at most 1, got NaN
            copies must be from 1 to 1000, got 0""");
  }
}
