package sluice.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Task;
import sluice.evaluation.classification.ClassPredictions;
import sluice.evaluation.classification.ClassTally;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.Tally;
import sluice.evaluation.regression.ErrorTally;

/** Metrics gathered in parts against those of all predictions at once. */
class TallyTest {
  private interface Adder<T> {
    void add(T tally, int row);
  }

  /** Deals rows to some tallies in a random order, and merges these in a random order. */
  private static <T extends Tally> Tally dealt(
      Supplier<T> empty, int rows, Adder<T> adder, long seed) {
    Random random = new Random(seed);
    List<T> tallies = new ArrayList<>();
    IntStream.rangeClosed(0, random.nextInt(6)).forEach(i -> tallies.add(empty.get()));
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, random);
    order.forEach(row -> adder.add(tallies.get(random.nextInt(tallies.size())), row));
    while (tallies.size() > 1) {
      T taken = tallies.remove(random.nextInt(tallies.size()));
      tallies.get(random.nextInt(tallies.size())).merge(taken);
    }
    return tallies.get(0);
  }

  @ParameterizedTest
  @CsvSource({"2,0", "2,1", "2,7", "2,300", "3,2", "5,200", "9,40"})
  void classesInPartsAreAsOfAllAtOnce(int classes, int rows) {
    ClassPredictions all = Examples.random(classes, rows, rows);
    Scores scores = Examples.scores(all);
    List<String> metrics = new ArrayList<>(Metrics.names(Task.BINARY));
    metrics.removeAll(List.of("logLoss", "brier", "ece"));
    if (classes > 2) {
      metrics.removeAll(List.of("rocAuc", "prAuc"));
    }
    for (String metric : metrics) {
      for (long seed = 0; seed < 5; seed++) {
        Tally tally =
            dealt(
                () -> ClassTally.of(metric, classes, classes == 2 ? 1 : -1),
                rows,
                (part, row) ->
                    part.add(all.truth(row), all.predicted(row), all.probability(row, 1)),
                seed);
        Double expected = scores.value(metric);
        assertThat(tally.value(metric))
            .as(metric)
            .isEqualTo(Double.valueOf(expected == null ? Double.NaN : expected));
        if (expected == null) {
          assertThat(scores.notes()).containsKey(metric);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50, 400})
  void numbersInPartsAreTheSameToTheBit(int rows) {
    Random random = new Random(rows);
    double[] truth = random.doubles(rows, -1e6, 1e6).toArray();
    double[] predicted = new double[rows];
    for (int row = 0; row < rows; row++) {
      predicted[row] = truth[row] + random.nextGaussian() * Math.pow(10, random.nextInt(8));
    }
    Scores scores = Scores.of(Examples.numbers(truth, predicted), Examples.NUMBER);
    for (String metric : List.of("mae", "rmse", "r2")) {
      double first = Double.NaN;
      for (long seed = 0; seed < 10; seed++) {
        double value =
            dealt(ErrorTally::new, rows, (part, row) -> part.add(truth[row], predicted[row]), seed)
                .value(metric);
        if (seed == 0) {
          first = value;
        }
        assertThat(value).as(metric).isEqualTo(Double.valueOf(first));
      }
      Double expected = scores.value(metric);
      if (expected == null) {
        assertThat(first).isNaN();
      } else {
        assertThat(first).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
      }
    }
  }

  @Test
  void ofNoRowsEverythingIsUndefined() {
    for (String metric : List.of("accuracy", "mcc", "macroF1")) {
      ClassTally empty = ClassTally.of(metric, 3, -1);
      assertThat(empty.value(metric)).as(metric).isNaN();
      assertThat(empty.note(metric)).contains("undefined: no rows");
    }
    assertThat(new ErrorTally().value("r2")).isNaN();
    assertThat(new ErrorTally().note("r2")).contains("undefined: no rows");
  }

  @Test
  void whatIsUndefinedSaysWhy() {
    ErrorTally constant = new ErrorTally();
    constant.add(0.1, 0.2);
    constant.add(0.1, 0.3);
    assertThat(constant.value("r2")).isNaN();
    assertThat(constant.note("r2")).contains("undefined: the truth is constant");
    constant.add(0.1, Double.NaN);
    assertThat(constant.value("mae")).isNaN();
    assertThat(constant.note("mae")).contains("undefined: an error is not finite");
    ClassTally one = ClassTally.of("rocAuc", 2, 0);
    one.add(0, 0, 0.7f);
    assertThat(one.value("rocAuc")).isNaN();
    assertThat(one.note("rocAuc")).contains("undefined: rows of one class only");
    ClassTally guesses = ClassTally.of("mcc", 3, -1);
    guesses.add(0, 1, 0);
    guesses.add(2, 1, 0);
    assertThat(guesses.value("mcc")).isZero();
    assertThat(guesses.note("mcc"))
        .contains("all rows are of one class, or predicted to be, which counts as 0");
  }

  @Test
  void whatCannotBeTalliedIsRefused() {
    assertThatThrownBy(() -> ClassTally.of("rocAuc", 3, -1))
        .hasMessage("rocAuc of 3 classes cannot be tallied");
    assertThatThrownBy(() -> ClassTally.of("mae", 3, -1)).hasMessage("no metric mae");
    assertThatThrownBy(() -> ClassTally.of("mcc", 2, 1).merge(new ErrorTally()))
        .hasMessage("a tally of classes cannot take in one of anything else");
  }
}
