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
}
