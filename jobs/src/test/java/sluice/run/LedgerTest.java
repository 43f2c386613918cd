package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;

class LedgerTest {
  private static final Ledger SOUND =
      new Ledger(45_211, 3, 8, 200, 31_500, 6_750, 6_750, 900, 32_400);

  @Test
  void soundLedgerAddsUp() {
    assertThatCode(SOUND::check).doesNotThrowAnyException();
    assertThatCode(new Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0)::check).doesNotThrowAnyException();
  }

  @Test
  void lostRowsAreReportedWithBothSides() {
    assertThatThrownBy(new Ledger(100, 1, 2, 3, 60, 15, 18, 5, 64)::check)
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA);
              assertThat(e.problems())
                  .containsExactly(
                      "the ledger must add up, but read is 100 and quarantined 1 + rejected 2 +"
                          + " duplicates 3 + train 60 + validation 15 + test 18 are 99 together"
                          + " (-1)",
                      "the ledger must add up, but trained is 64 and train 60 + added 5 are 65"
                          + " together (+1)");
            });
  }

  @Test
  void countsAreNotNegative() {
    assertThatThrownBy(() -> new Ledger(0, 0, 0, 0, 0, 0, 0, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a count of rows must not be negative, got -1");
  }

  @Test
  void tableAlignsItsNumbers() {
    assertThat(SOUND.table())
        .isEqualTo(
            """
            read           45,211
              quarantined       3
              rejected          8
              duplicates      200
              train        31,500
              validation    6,750
              test          6,750
            trained        32,400
              train        31,500
              added           900
            """);
  }
}
