package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;

class InputFingerprintTest {
  private Path temp;

  @BeforeEach
  void in(@TempDir Path directory) {
    temp = directory;
  }

  private static InputFingerprint of(String... paths) {
    return InputFingerprint.ofFiles(List.of(paths), new Configuration());
  }

  @Test
  void changedByteShowsEvenWithLengthAndTimeKept() throws Exception {
    Path file = temp.resolve("a.csv");
    write(file, "age\n31\n");
    FileTime time = Files.getLastModifiedTime(file);
    InputFingerprint before = of(file.toString());
    assertThat(before.files()).isEqualTo(1);
    assertThat(before.bytes()).isEqualTo(7);

    write(file, "age\n32\n");
    Files.setLastModifiedTime(file, time);
    assertThat(of(file.toString()).sha256()).isNotEqualTo(before.sha256());

    write(file, "age\n31\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(of(file.toString())).isEqualTo(before);
  }

  @Test
  void elsewhereTheTimeOfModificationCounts() throws Exception {
    Path file = temp.resolve("a.csv");
    write(file, "age\n31\n");
    List<String> paths = List.of(ObjectStore.path(file).toString());
    InputFingerprint before = InputFingerprint.ofFiles(paths, ObjectStore.configuration());
    assertThat(InputFingerprint.ofFiles(paths, ObjectStore.configuration())).isEqualTo(before);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    assertThat(InputFingerprint.ofFiles(paths, ObjectStore.configuration()).sha256())
        .isNotEqualTo(before.sha256());
  }

  @Test
  void directoriesAndPatternsAreTakenAsIngestTakesThem() {
    write(temp.resolve("in/b.csv"), "b");
    write(temp.resolve("in/a.csv"), "a");
    write(temp.resolve("in/day=1/c.csv"), "c");
    write(temp.resolve("in/_day=2/d.csv"), "d");
    InputFingerprint before = of(temp + "/in");
    assertThat(before.files()).isEqualTo(4);
    write(temp.resolve("in/_SUCCESS"), "");
    write(temp.resolve("in/.a.csv.crc"), "x");
    write(temp.resolve("in/_temporary/0/part-0"), "x");
    assertThat(of(temp + "/in")).isEqualTo(before);
    assertThat(of(temp + "/in/*.csv").files()).isEqualTo(2);
    assertThat(of(temp + "/in/b.csv", temp + "/in/a.csv"))
        .isEqualTo(of(temp + "/in/a.csv", temp + "/in/b.csv"));

    write(temp.resolve("in/e.csv"), "");
    assertThat(of(temp + "/in")).isEqualTo(before);
    write(temp.resolve("in/e.csv"), "e");
    assertThat(of(temp + "/in").sha256()).isNotEqualTo(before.sha256());
  }

  @Test
  void everyPathWithoutAFileIsNamed() throws Exception {
    Files.createDirectory(temp.resolve("empty"));
    assertThatThrownBy(() -> of("/none/a.csv", temp + "/empty", "/none/*.csv"))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "/none/a.csv: there is no such file",
                        temp + "/empty: holds no file",
                        "/none/*.csv: matches no file"));
  }

  @Test
  void equalRepetitionOfAStageHasTheSameFingerprint() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      Published first = publish(held, Stage.RAW, KEY, "abc");
      Published again = publish(held, Stage.RAW, KEY, "abc");
      assertThat(again.attempt()).isNotEqualTo(first.attempt());
      assertThat(InputFingerprint.ofStage(again)).isEqualTo(InputFingerprint.ofStage(first));
      assertThat(InputFingerprint.ofStage(first).bytes()).isEqualTo(3);

      Published fewerRows = publish(held, Stage.RAW, KEY, "ab");
      StageKey other = new StageKey(Map.of(), "c1", 42, "v1");
      Published otherKey = publish(held, Stage.RAW, other, "abc");
      Published otherContent;
      try (Attempt attempt = held.begin(Stage.MODEL, KEY)) {
        otherContent = attempt.publish(StageOutput.of(Stage.MODEL, Map.of()).withContent("d1"));
      }
      Published sameButContent;
      try (Attempt attempt = held.begin(Stage.MODEL, KEY)) {
        sameButContent = attempt.publish(StageOutput.of(Stage.MODEL, Map.of()).withContent("d2"));
      }
      assertThat(List.of(first, fewerRows, otherKey, otherContent, sameButContent))
          .extracting(published -> InputFingerprint.ofStage(published).sha256())
          .doesNotHaveDuplicates();
    }
  }
}
