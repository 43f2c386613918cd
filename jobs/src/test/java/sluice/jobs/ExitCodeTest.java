package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.InvalidInput;
import sluice.run.RunHeld;

final class ExitCodeTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new IllegalStateException("bug"), ExitCode.INTERNAL, List.of()),
        arguments(
            InvalidInput.configuration(List.of("a", "b")),
            ExitCode.CONFIGURATION,
            List.of("a", "b")),
        arguments(InvalidInput.data("d"), ExitCode.DATA, List.of("d")),
        arguments(
            new SparkException("Job aborted", new RuntimeException(InvalidInput.data("in a task"))),
            ExitCode.DATA,
            List.of("in a task")),
        arguments(new GateNotPassed(List.of("g", "h")), ExitCode.GATE, List.of("g", "h")),
        arguments(new RunHeld("held by r"), ExitCode.HELD, List.of("held by r")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureHasACodeAndItsOwnWords(Throwable failure, ExitCode code, List<String> message) {
    assertThat(ExitCode.of(failure)).isEqualTo(code);
    assertThat(ExitCode.message(failure).orElse(List.of())).isEqualTo(message);
  }
}
