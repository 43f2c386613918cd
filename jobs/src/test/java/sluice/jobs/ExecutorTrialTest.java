package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trial of {@code scripts/trial-executors.sh}, with one kill and little data. */
@Tag("server")
class ExecutorTrialTest {
  @Test
  void aTrainingThatLosesAnExecutorGivesTheSameParameters(@TempDir Path temp) throws Exception {
    Path conf = TinyRun.write(temp).configuration();
    Scripts.Said ended =
        new Scripts(temp, Map.of())
            .run(
                "trial-executors.sh", "1", conf.toString(), "--set", "train.averaging-frequency=1");
    String said = ended.output();
    assertThat(said)
        .containsPattern("training \\d+: .* executors killed after rounds \\d+: [0-9a-f]{64}\n")
        .endsWith(" trainings: every parameter equal\n");
    assertThat(ended.code()).as(ended.errors()).isZero();
  }
}
