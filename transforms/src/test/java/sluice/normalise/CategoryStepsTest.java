package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.features.Element;

class CategoryStepsTest {
  private static final List<String> VALUES =
      List.of("b", "c", "b", "a", "c", "\uD83D\uDE00", "\uFF21", "");

  @Test
  void indicesFollowTheCodePointsAfterTheOneForOthers() {
    Categories fitted = (Categories) Fits.of(new OneHot(Unseen.OTHER, 1, null), Kind.TEXT, VALUES);
    assertThat(fitted.encoding()).isEqualTo(Element.ONE_HOT);
    // A face lies beyond the 16-bit plane, and so after the wide letter.
    assertThat(fitted.categories())
        .containsExactly("(other)", "", "a", "b", "c", "\uFF21", "\uD83D\uDE00");
    assertThat(fitted.cardinality()).isEqualTo(7);
    assertThat(fitted.value("c")).isEqualTo(4);
    assertThat(fitted.value("never seen")).isEqualTo(0);
    assertThat(fitted.value("(other)")).isEqualTo(0);
    assertThat(fitted.value(null)).isNull();
  }

  @Test
  void rareCategoriesShareTheIndexOfOthers() {
    assertThat(Fits.of(new Index(Unseen.OTHER, 2, null), Kind.TEXT, VALUES))
        .isEqualTo(new Categories(Element.INDEX, Unseen.OTHER, List.of("b", "c")));
    // Three have one row: the first by code point is kept.
    assertThat(Fits.of(new Index(Unseen.OTHER, 1, 3), Kind.TEXT, VALUES))
        .isEqualTo(new Categories(Element.INDEX, Unseen.OTHER, List.of("", "b", "c")));
    assertThat(Fits.of(new Index(Unseen.OTHER, 9, null), Kind.TEXT, VALUES))
        .isEqualTo(new Categories(Element.INDEX, Unseen.OTHER, List.of()));
  }

  @Test
  void unseenIsRefusedWhereItIsAnError() {
    FittedStep fitted = Fits.of(new OneHot(Unseen.ERROR, 1, null), Kind.TEXT, VALUES);
    assertThat(fitted.value("a")).isEqualTo(2);
    assertThat(fitted.value("z")).isNull();
    assertThat(fitted.refusal("z")).isEqualTo("a category that no train row has");
  }

  @Test
  void frequencyIsTheShareOfTrainRows() {
    FittedStep fitted = Fits.of(new Frequency(), Kind.TEXT, List.of("x", "y", "x"));
    assertThat(fitted).isEqualTo(new FrequencyEncoder(List.of("x", "y"), List.of(2L, 1L), 3));
    assertThat(fitted.value("x")).isEqualTo(2.0 / 3);
    assertThat(fitted.value("z")).isEqualTo(0.0);
    assertThat(fitted.value(null)).isNull();
  }

  @Test
  void theModeIsTheFirstOfTheMostFrequent() {
    assertThat(Fits.of(new ImputeMode(), Kind.TEXT, VALUES)).isEqualTo(new FillText("b"));
  }

  @Test
  void theModeOfTimesIsTheEarliestOfTheMostFrequent() {
    LocalDateTime early = LocalDateTime.of(2010, 7, 1, 0, 0);
    LocalDateTime late = LocalDateTime.of(2012, 7, 1, 8, 30, 0, 1_000);
    FittedStep fitted =
        Fits.of(
            new ImputeMode(),
            Kind.TIME,
            List.of(late, early, late, early, LocalDateTime.of(2000, 1, 1, 0, 0)));
    assertThat(fitted).isEqualTo(new FillTime("2010-07-01T00:00"));
    assertThat(fitted.value(null)).isEqualTo(early);
    assertThat(fitted.value(late)).isEqualTo(late);
    assertThatThrownBy(() -> new FillTime("soon"))
        .hasMessage("fill-time: time must be a date or a date with a time, got \"soon\"");
  }

  @Test
  void aConstantFillsNumbersTextAndTimes() {
    assertThat(Fits.of(new ImputeConstant("-1"), Kind.NUMBER, List.of()))
        .isEqualTo(new FillNumber(-1));
    assertThat(Fits.of(new ImputeConstant("-1"), Kind.TEXT, List.of()))
        .isEqualTo(new FillText("-1"));
    assertThat(Fits.of(new ImputeConstant("2010-07-01"), Kind.TIME, List.of()))
        .isEqualTo(new FillTime("2010-07-01"));
    assertThat(new ImputeConstant("2010-07-01").accepts()).containsOnly(Kind.TEXT, Kind.TIME);
    assertThat(new ImputeConstant("2010-02-30").accepts()).containsExactly(Kind.TEXT);
    assertThat(new ImputeConstant("none").accepts()).containsExactly(Kind.TEXT);
    assertThat(new ImputeConstant("NaN").accepts()).containsExactly(Kind.TEXT);
  }

  /** These must never change: a saved network depends on them. */
  @Test
  void hashingIsStable() {
    Hashing hashing = new Hashing(1000);
    assertThat(hashing.value("")).isEqualTo(203);
    assertThat(hashing.value("a")).isEqualTo(736);
    assertThat(hashing.value("Zürich \uD83D\uDE00")).isEqualTo(3);
    assertThat(hashing.value(null)).isNull();
  }

  @Test
  void hashingSpreadsEvenly() {
    Hashing hashing = new Hashing(64);
    int[] counts = new int[64];
    for (int i = 0; i < 64_000; i++) {
      counts[Objects.requireNonNull(hashing.value("user-" + i))]++;
    }
    double chiSquared = 0;
    for (int count : counts) {
      chiSquared += (count - 1000.0) * (count - 1000.0) / 1000;
    }
    // 63 degrees of freedom: 99.99 % lie below 109.
    assertThat(chiSquared).isLessThan(109);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void mergingIsCommutativeAndAssociative(long seed) {
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    Map<String, Long> counts = new TreeMap<>(CodePointOrder.INSTANCE);
    for (int i = 0; i < 3_000; i++) {
      String value = Integer.toString((int) Math.abs(random.nextGaussian() * 40), 36);
      values.add(value);
      counts.merge(value, 1L, Long::sum);
    }
    // The sort is stable: categories of one count stay in the order of their code points.
    List<String> most =
        counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(20)
            .map(Map.Entry::getKey)
            .sorted(CodePointOrder.INSTANCE)
            .toList();
    for (int parts : new int[] {1, 2, 7}) {
      Collections.shuffle(values, random);
      assertThat(Fits.of(new OneHot(Unseen.OTHER, 1, 20), Kind.TEXT, values, parts, random))
          .isEqualTo(new Categories(Element.ONE_HOT, Unseen.OTHER, most));
      assertThat(Fits.of(new Frequency(), Kind.TEXT, values, parts, random))
          .isEqualTo(
              new FrequencyEncoder(
                  List.copyOf(counts.keySet()), List.copyOf(counts.values()), 3_000));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void orderIsThatOfUtf8Bytes(long seed) {
    Random random = new Random(seed);
    int[] points = {0x41, 0x42, 0xE9, 0xD7FF, 0xE000, 0xFF21, 0x10000, 0x10400, 0x1F600, 0x10FFFF};
    for (int i = 0; i < 5_000; i++) {
      String a = text(points, random);
      String b = text(points, random);
      int bytes =
          Arrays.compareUnsigned(
              a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
              b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(Integer.signum(CodePointOrder.INSTANCE.compare(a, b)))
          .isEqualTo(Integer.signum(bytes));
    }
  }

  private static String text(int[] points, Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new OneHot(Unseen.ERROR, 0, 0))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "one-hot: min-count must be at least 1, got 0",
                        "one-hot: max-categories must be at least 1, got 0",
                        "one-hot: unseen = error keeps every category of the train rows, so that"
                            + " min-count and max-categories cannot be set"));
    assertThatThrownBy(() -> new Index(Unseen.ERROR, 2, null))
        .hasMessage(
            "index: unseen = error keeps every category of the train rows, so that min-count and"
                + " max-categories cannot be set");
    assertThatThrownBy(() -> new Hashing(1))
        .hasMessage("hashing: buckets must be at least 2, got 1");
  }
}
