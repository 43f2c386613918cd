package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DecimalTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-20, -20",
    "0.5, 0.5",
    "1e-4, 0.0001",
    "-1e-5, -0.00001",
    "1e-9, 0.000000001",
    "9.9e-10, 9.9E-10",
    "4.9e-324, 4.9E-324",
    "0.30000000000000004, 0.3",
    "1.0499999999999998, 1.05",
    "0.123456789012345, 0.123456789012",
    "1e7, 10000000",
    "123456789012, 123456789012",
    "1e15, 1.0E15",
    "NaN, NaN",
    "-Infinity, -Infinity"
  })
  void aNumberIsWrittenAsPeopleWriteIt(double value, String text) {
    assertThat(Decimal.text(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0000",
    "-0.0, 0.0000",
    "0.81234, 0.8123",
    "0.0412, 0.0412",
    "-0.5, -0.5000",
    "0.00123, 0.0012",
    "0.000999949, 0.0009999",
    "0.00041, 0.0004100",
    "0.000001234, 0.000001234",
    "-0.0000002345678, -2.346e-07",
    "1.5e-300, 1.500e-300",
    "9.87654, 9.8765",
    "12.34567, 12.346",
    "123.456, 123.46",
    "123456.78, 123456.8",
    "2e15, 2.000e+15",
    "NaN, NaN"
  })
  void noResultButZeroLooksLikeZero(double value, String text) {
    assertThat(Decimal.rounded(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.95, 95", "0.5001, 50.01", "0.999, 99.9", "1, 100"})
  void aShareIsSaidInPerCent(double share, String text) {
    assertThat(Decimal.percent(share)).isEqualTo(text);
  }
}
