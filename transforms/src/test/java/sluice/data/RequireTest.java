package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RequireTest {

  @Test
  void everyRuleThatDoesNotHoldIsTold() {
    InvalidInput invalid =
        catchThrowableOfType(
            InvalidInput.class,
            () ->
                new Require()
                    .atLeast("epochs", 0, 1)
                    .atLeast("ratio", 0.5, 1.0)
                    .atLeast("scale", Double.NaN, 0.0)
                    .above("learning-rate", 0, 0)
                    .within("dropout", 1.5, 0, 1)
                    .notBlank("name", " ")
                    .notEmpty("path", List.of())
                    .that(false, "train, validation and test must add up to 1, got 0.9")
                    .hold());
    assertThat(invalid.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
    assertThat(invalid.problems())
        .containsExactly(
            "epochs must be at least 1, got 0",
            "ratio must be at least 1, got 0.5",
            "scale must be at least 0, got NaN",
            "learning-rate must be above 0, got 0",
            "dropout must be between 0 and 1, got 1.5",
            "name must not be blank",
            "path must not be empty",
            "train, validation and test must add up to 1, got 0.9");
  }

  @Test
  void boundsMayBeReached() {
    assertThatCode(
            () ->
                new Require()
                    .atLeast("epochs", 1, 1)
                    .atLeast("ratio", 1.0, 1.0)
                    .above("learning-rate", Double.MIN_VALUE, 0)
                    .within("dropout", 0, 0, 1)
                    .within("dropout", 1, 0, 1)
                    .notBlank("name", "x")
                    .notEmpty("path", List.of("x"))
                    .that(true, "never told")
                    .hold())
        .doesNotThrowAnyException();
  }
}
