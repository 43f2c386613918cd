package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.local;
import static sluice.run.Runs.names;
import static sluice.run.Runs.text;
import static sluice.run.Runs.tree;
import static sluice.run.Runs.write;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.shaded.com.google.common.base.Preconditions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import sluice.data.InvalidInput;

/** Real processes, killed at random moments. */
class KillTest {
  private static final int KILLS = 16;
  private static final int AT_ONCE = 4;

  /** Only what a publisher needs: Hadoop looks for file systems in every jar that it is given. */
  private static final String CLASS_PATH =
      Stream.of(
              Publisher.class,
              RunDirectory.class,
              InvalidInput.class,
              Configuration.class,
              Preconditions.class,
              ObjectMapper.class,
              JsonParser.class,
              JsonValue.class,
              Nullable.class,
              Logger.class,
              Log.class)
          .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
          .distinct()
          .collect(Collectors.joining(File.pathSeparator));

  @Test
  void killedAtAnyMomentARunShowsOneCompleteAttempt(@TempDir Path temp) throws Exception {
    Random random = new Random(20260304);
    Map<String, String> foreign = new HashMap<>();
    for (int i = 0; i < AT_ONCE; i++) {
      foreign.put("runs-" + i + "/bank/raw/notes.txt", "not the run's " + i);
      foreign.put("runs-" + i + "/bank/raw/x/part-0", "not the run's either");
      Runs.create(temp.resolve("runs-" + i));
    }
    foreign.forEach((name, content) -> write(temp.resolve(name), content));
    Set<String> seen = new HashSet<>();
    for (int round = 0; round < KILLS / AT_ONCE; round++) {
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        processes.add(start(temp.resolve("runs-" + i)));
      }
      for (Process process : processes) {
        // Refused, a publisher would end at once and say nothing.
        assertThat(firstLine(process)).isEqualTo("holding");
      }
      for (Process process : processes) {
        Thread.sleep(random.nextInt(100), random.nextInt(1_000_000));
        process.destroyForcibly().waitFor();
      }
      for (int i = 0; i < AT_ONCE; i++) {
        RunDirectory run = Runs.create(temp.resolve("runs-" + i));
        Optional<Published> raw = run.current(Stage.RAW);
        assertThat(run.unchanged(Stage.RAW, KEY)).isEqualTo(raw);
        Optional<Published> quarantine = run.current(Stage.QUARANTINE);
        assertThat(quarantine.isPresent()).isEqualTo(raw.isPresent());
        if (raw.isPresent()) {
          String word = String.valueOf(raw.get().manifest().content());
          assertThat(words(raw.get())).containsExactly(word, word, word);
          assertThat(words(quarantine.orElseThrow())).containsExactly(word, word, word);
          seen.add(word);
        }
      }
    }
    assertThat(seen).isNotEmpty();

    for (int i = 0; i < AT_ONCE; i++) {
      Path bank = temp.resolve("runs-" + i + "/bank");
      try (HeldRun held = hold(Runs.create(temp.resolve("runs-" + i)))) {
        Publisher.publish(held);
        Publisher.publish(held);
      }
      assertThat(text(bank.resolve("quarantine/_current.json")))
          .isEqualTo(text(bank.resolve("raw/_current.json")));
      // Pointer, two attempts, a marker each; and in raw what is not the run's.
      assertThat(names(bank.resolve("quarantine"))).hasSize(5);
      assertThat(names(bank.resolve("raw"))).hasSize(7);
      assertThat(names(bank.resolve("_lease"))).hasSize(1);
    }
    assertThat(tree(temp)).containsAllEntriesOf(foreign);
  }

  @Test
  void ofManyProcessesOneTakesAKilledOnesRun(@TempDir Path temp) throws Exception {
    Process first = start(temp, "once");
    assertThat(firstLine(first)).isEqualTo("holding");
    first.destroyForcibly().waitFor();
    List<Process> takers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      takers.add(start(temp, "once"));
    }
    try {
      List<String> lines = new ArrayList<>();
      for (Process taker : takers) {
        lines.add(firstLine(taker));
      }
      assertThat(lines).containsOnlyOnce("holding");
      assertThat(lines.stream().filter(line -> line.contains(RunHeld.class.getName())))
          .hasSize(5)
          .allMatch(line -> line.contains("one run at a time"));
      assertThat(names(temp.resolve("bank/_lease"))).containsExactly("0000000002.json");
    } finally {
      for (Process taker : takers) {
        taker.destroyForcibly().waitFor();
      }
    }
  }

  private static List<String> words(Published published) {
    List<String> words = new ArrayList<>();
    for (StageManifest.OutputFile file : published.manifest().files()) {
      words.add(text(local(published.path()).resolve(file.path())));
    }
    return words;
  }

  private static Process start(Path runs, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                CLASS_PATH,
                Publisher.class.getName()));
    command.add(runs.toString());
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The first line that is the publisher's, or the head of its failure. */
  private static String firstLine(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals("holding") || line.startsWith("Exception in thread")) {
        return line;
      }
    }
    return "";
  }
}
