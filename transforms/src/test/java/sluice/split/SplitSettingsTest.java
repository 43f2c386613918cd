package sluice.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.data.InvalidInput;
import sluice.split.SplitSettings.By;

class SplitSettingsTest {

  @Test
  void reportsEveryShareOutOfRange() {
    assertThatThrownBy(() -> new SplitSettings(By.RANK, 1.5, -0.1, Double.NaN, null, null))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            train must be from 0 to 1, got 1.5
            validation must be from 0 to 1, got -0.1
            test must be from 0 to 1, got NaN""");
  }

  @Test
  void reportsASumThatIsNotOneAndKeysThatDoNotFitTheRule() {
    assertThatThrownBy(() -> new SplitSettings(By.HASH, 0.5, 0.25, 0.5, "y", "day"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            train, validation and test must sum to 1, got 0.5 + 0.25 + 0.5 = 1.25
            stratify-by is for by = auto or rank only, got y with by = hash
            column is for by = group, time or column only, got day with by = hash""");
  }

  @Test
  void needsATrainPart() {
    assertThatThrownBy(() -> new SplitSettings(By.HASH, 0, 0.5, 0.5, null, null))
        .hasMessage("train must be above 0, got 0.0");
  }

  /** Where files are given for parts, only the share of validation is read. */
  @Test
  void autoIsToldByItsReaderWhetherTheSharesCount() {
    SplitSettings settings = new SplitSettings(By.AUTO, 0.7, 0.2, 0.15, null, null);
    assertThat(settings.shareProblems())
        .containsExactly("train, validation and test must sum to 1, got 0.7 + 0.2 + 0.15 = 1.05");
    assertThat(settings.cutFromTrain().train()).isEqualTo(0.8);
    assertThat(new SplitSettings(By.COLUMN, 0.7, 0.2, 0.15, null, "part").shareProblems())
        .isEmpty();
    assertThat(new SplitSettings(By.NONE, 0.7, 0.2, 0.15, null, null).shareProblems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"GROUP, group", "TIME, time", "COLUMN, column"})
  void needsAColumn(By by, String text) {
    assertThatThrownBy(() -> new SplitSettings(by, 1, 0, 0, null, null))
        .hasMessage("column must be given with by = " + text + ", got none");
  }

  @Test
  void allowsRoundingOfTheSum() {
    SplitSettings thirds =
        new SplitSettings(By.RANK, 0.3333333333, 0.3333333333, 0.3333333333, null, null);
    assertThat(thirds.counts(3_000_000_000L))
        .isEqualTo(
            Map.of(
                Part.TRAIN, 1_000_000_000L,
                Part.VALIDATION, 1_000_000_000L,
                Part.TEST, 1_000_000_000L));
  }

  /** The largest remainders get what is left; ties go to train, then validation. */
  @ParameterizedTest
  @CsvSource({
    "0.7, 0.15, 0.15, 0, 0, 0, 0",
    "0.7, 0.15, 0.15, 1, 1, 0, 0",
    "0.7, 0.15, 0.15, 2, 2, 0, 0",
    "0.7, 0.15, 0.15, 3, 2, 1, 0",
    "0.7, 0.15, 0.15, 10, 7, 2, 1",
    "0.7, 0.15, 0.15, 45211, 31648, 6782, 6781",
    "0.29, 0.71, 0, 100, 29, 71, 0",
    "0.8, 0, 0.2, 4, 3, 0, 1",
    "0.5, 0, 0.5, 1, 1, 0, 0",
    "0.5, 0, 0.5, 3, 2, 0, 1",
    "1, 0, 0, 7, 7, 0, 0"
  })
  void countsByLargestRemainder(
      double train,
      double validation,
      double test,
      long rows,
      long trainRows,
      long validationRows,
      long testRows) {
    SplitSettings settings = new SplitSettings(By.RANK, train, validation, test, null, null);
    assertThat(settings.counts(rows))
        .isEqualTo(
            Map.of(Part.TRAIN, trainRows, Part.VALIDATION, validationRows, Part.TEST, testRows));
  }

  @Test
  void onlyNoneHasTheSameRows() {
    assertThat(new SplitSettings(By.NONE, 0.7, 0.15, 0.15, null, null).sameRows()).isTrue();
    assertThat(new SplitSettings(By.RANK, 0.7, 0.15, 0.15, null, null).sameRows()).isFalse();
  }
}
