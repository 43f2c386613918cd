package sluice.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.testing.LocalSpark;

/** Patterns that anybody may have written, on texts that anybody may have written. */
class BoundedPatternTest {
  private static final DatasetContract TEXTS =
      new DatasetContract(List.of(new Field("text", FieldType.STRING)));

  @ParameterizedTest
  @ValueSource(strings = {"(.*a){20}", "(a|a)*\\1c", ".*.*.*.*.*.*.*b", "(a|aa)*c\\1"})
  void aMatchThatWouldTakeForEverIsARejectionWithBothFaces(String pattern) {
    String text = "a".repeat(60) + "!";
    Cleaning cleaning = new Cleaning(TEXTS, List.of(new RejectUnlessMatching("text", pattern)));
    RuleOutcome alone =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(30), () -> cleaning.apply(RawRecord.of(Map.of("text", text))));
    String reason = "text: \"%s\" takes too many steps to match with %s".formatted(text, pattern);
    assertThat(alone)
        .isEqualTo(new RuleOutcome.Rejected("rules[0] reject-unless-matching", reason));
    assertThat(
            cleaning
                .apply(
                    LocalSpark.session()
                        .createDataFrame(
                            List.of(RowFactory.create("k", "f", text)),
                            StructType.fromDDL("_key string, _source string, text string")))
                .rejected()
                .select("_reason")
                .first()
                .getString(0))
        .isEqualTo(reason);
  }

  @Test
  void anHonestMatchOfALongTextIsDecided() {
    String text = "word 17, ".repeat(100_000);
    assertThat(new BoundedPattern("[a-z0-9, ]*").of(text))
        .isEqualTo(BoundedPattern.Verdict.MATCHES);
    assertThat(new BoundedPattern("[a-z0-9, ]*!").of(text))
        .isEqualTo(BoundedPattern.Verdict.DIFFERS);
  }

  @Test
  void aPatternIsNoLongerAndNoDeeperThanPeopleWrite() {
    assertThatThrownBy(() -> new RejectUnlessMatching("text", "a".repeat(10_001)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("pattern must have at most 10,000 characters, got 10,001");
  }

  @Test
  void aStackThatIsTooSmallIsNoVerdict() {
    assertThatThrownBy(() -> new BoundedPattern("(a|b)*").of("ab".repeat(1_000_000)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "pattern (a|b)* must match with the stack there is, got a text of 2,000,000"
                + " characters");
  }
}
