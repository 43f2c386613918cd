package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.publish;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageManifestTest {
  @Test
  void equalRepetitionOfAStageHasTheSameDigest(@TempDir Path temp) {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      Published first = publish(held, Stage.RAW, KEY, "abc");
      Published again = publish(held, Stage.RAW, KEY, "abc");
      assertThat(again.attempt()).isNotEqualTo(first.attempt());
      assertThat(again.manifest().contentDigest()).isEqualTo(first.manifest().contentDigest());

      Published fewerRows = publish(held, Stage.RAW, KEY, "ab");
      StageKey other = new StageKey(Map.of(), "c1", 42, "v1");
      Published otherKey = publish(held, Stage.RAW, other, "abc");
      Published otherContent;
      try (Attempt attempt = held.begin(Stage.MODEL, KEY)) {
        otherContent = attempt.publish(new StageOutput(Stage.MODEL, Map.of(), "d1", Map.of()));
      }
      Published sameButContent;
      try (Attempt attempt = held.begin(Stage.MODEL, KEY)) {
        sameButContent = attempt.publish(new StageOutput(Stage.MODEL, Map.of(), "d2", Map.of()));
      }
      assertThat(List.of(first, fewerRows, otherKey, otherContent, sameButContent))
          .extracting(published -> published.manifest().contentDigest())
          .doesNotHaveDuplicates();
    }
  }
}
