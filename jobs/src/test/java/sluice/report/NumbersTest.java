package sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.934 | 0.9340",
        "0.0934 | 0.09340",
        "0.99999 | 1.000",
        "0.99995 | 1.000",
        "1 | 1.000",
        "12.5 | 12.50",
        "-3.14159 | −3.142",
        "1234.5678 | 1,235",
        "1234567.8 | 1,234,568",
        "0 | 0",
        "-0.0 | 0",
        "0.0001 | 0.0001000",
        "0.00001234 | 1.234 × 10⁻⁵",
        "-1.5e300 | −1.500 × 10³⁰⁰",
        "NaN | NaN",
        "Infinity | ∞",
        "-Infinity | −∞"
      })
  void resultsHaveFourSignificantFigures(double value, String shown) {
    assertThat(Numbers.result(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18 | 18",
        "-8019 | −8,019",
        "102127 | 102,127",
        "0.25 | 0.2500",
        "1e15 | 1.000 × 10¹⁵"
      })
  void wholeValuesStayWhole(double value, String shown) {
    assertThat(Numbers.value(value)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0.0 %",
        "0.00001 | <0.1 %",
        "0.1171 | 11.7 %",
        "0.99999 | >99.9 %",
        "1 | 100.0 %",
        "NaN | n/a"
      })
  void percentagesNeverRoundToAllOrNothing(double share, String shown) {
    assertThat(Numbers.percent(share)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0.4 | 0.6 | 0.4000–0.6000", "-0.1 | 0.2 | −0.1000 to 0.2000"})
  void intervalsStayReadableBelowZero(double low, double high, String shown) {
    assertThat(Numbers.interval(low, high)).isEqualTo(shown);
  }
}
