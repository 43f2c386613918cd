package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;

class DatePartsTest {

  @Test
  void partsThenSineAndCosine() {
    DateParts parts =
        new DateParts(List.of(DatePart.values()), List.of(DatePart.MONTH, DatePart.HOUR));
    // A Thursday, the last day of a leap year's February.
    double[] values =
        Objects.requireNonNull(parts.value(LocalDateTime.of(2024, 2, 29, 18, 30, 59, 999_999_999)));
    assertThat(values)
        .containsExactly(
            new double[] {
              2024, 1, 2, 29, 4, 60, 18, 30, 59, Math.sin(Math.PI / 6), Math.cos(Math.PI / 6), -1, 0
            },
            within(1e-15));
    assertThat(parts.names(List.of("when")))
        .containsExactly(
            "when.year",
            "when.quarter",
            "when.month",
            "when.day",
            "when.weekday",
            "when.day-of-year",
            "when.hour",
            "when.minute",
            "when.second",
            "when.month-sine",
            "when.month-cosine",
            "when.hour-sine",
            "when.hour-cosine");
    assertThat(parts.value(null)).isNull();
  }

  @Test
  void parametersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new DateParts(List.of(), List.of()))
        .hasMessage("date-parts: parts and cyclic must not both be empty");
    assertThatThrownBy(
            () ->
                new DateParts(
                    List.of(DatePart.DAY, DatePart.DAY),
                    List.of(DatePart.YEAR, DatePart.HOUR, DatePart.HOUR)))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "date-parts: parts must be distinct, got [day, day]",
                        "date-parts: cyclic must be distinct, got [year, hour, hour]",
                        "date-parts: cyclic must not hold year, which never comes round again"));
  }
}
