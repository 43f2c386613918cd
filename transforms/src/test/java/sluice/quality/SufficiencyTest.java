package sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;
import sluice.quality.Finding.Level;

class SufficiencyTest {
  private static final SufficiencySettings SETTINGS = new SufficiencySettings(50, 5, 1);

  @Test
  void findsNothingWhereThereIsEnough() {
    assertThat(Sufficiency.findings(SETTINGS, 50, Map.of("no", 45L, "yes", 5L), 50)).isEmpty();
    assertThat(Sufficiency.findings(SETTINGS, 50, Map.of(), 50)).isEmpty();
  }

  @Test
  void findsAllThatIsTooLittle() {
    Map<String, Long> classes = new LinkedHashMap<>();
    classes.put("no", 44L);
    classes.put("maybe", 4L);
    classes.put("yes", 0L);
    List<Finding> findings = Sufficiency.findings(SETTINGS, 48, classes, 1_000);
    assertThat(findings)
        .containsExactly(
            new Finding(
                Level.FAILURE,
                "the train part must have at least 50 rows (sufficiency.min-rows), got 48"),
            new Finding(
                Level.FAILURE,
                "each class must have at least 5 train rows (sufficiency.min-class-rows), class maybe has 4"),
            new Finding(
                Level.FAILURE,
                "each class must have at least 5 train rows (sufficiency.min-class-rows), class yes has 0"),
            new Finding(
                Level.WARNING,
                "the train part should have at least 1 rows a feature (sufficiency.min-rows-per-feature),"
                    + " got 48 rows for 1,000 features"));
    assertThatThrownBy(() -> Sufficiency.requireNoFailure(findings))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA))
        .hasMessage(
            """
            the train part must have at least 50 rows (sufficiency.min-rows), got 48
            each class must have at least 5 train rows (sufficiency.min-class-rows), class maybe has 4
            each class must have at least 5 train rows (sufficiency.min-class-rows), class yes has 0""");
  }

  @Test
  void ofManySmallClassesTheFirstAreNamed() {
    Map<String, Long> classes = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      classes.put(Integer.toString(i), i < 12 ? 9L : 1L);
    }
    List<Finding> findings = Sufficiency.findings(SETTINGS, 296, classes, 1);
    assertThat(findings).hasSize(11);
    assertThat(findings.get(9).text())
        .isEqualTo(
            "each class must have at least 5 train rows (sufficiency.min-class-rows), class 21 has 1");
    assertThat(findings.get(10))
        .isEqualTo(
            new Finding(
                Level.FAILURE,
                "each class must have at least 5 train rows (sufficiency.min-class-rows), 178 more of the 200"
                    + " classes have fewer; a label that is a number has normalise.label.type = number"));
  }

  @Test
  void aWarningDoesNotStop() {
    List<Finding> findings = Sufficiency.findings(SETTINGS, 60, Map.of(), 100);
    assertThat(findings).extracting(Finding::level).containsExactly(Level.WARNING);
    assertThatCode(() -> Sufficiency.requireNoFailure(findings)).doesNotThrowAnyException();
  }

  @Test
  void oneClassIsNoQuestion() {
    assertThat(Sufficiency.findings(SETTINGS, 60, Map.of("yes", 60L), 10))
        .containsExactly(
            new Finding(Level.FAILURE, "the label must have at least 2 classes, got [yes]"));
  }

  @Test
  void zerosSwitchTheChecksOff() {
    SufficiencySettings off = new SufficiencySettings(0, 0, 0);
    assertThat(Sufficiency.findings(off, 4, Map.of("0", 4L, "1", 0L), 1_000)).isEmpty();
  }

  @Test
  void reportsEverySettingOutOfRange() {
    assertThatThrownBy(() -> new SufficiencySettings(-1, -2, Double.NaN))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            min-rows must be at least 0, got -1
            min-class-rows must be at least 0, got -2
            min-rows-per-feature must be at least 0 and finite, got NaN""");
  }
}
