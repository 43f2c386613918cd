package sluice.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/** A process that holds a run and publishes one attempt after the other until it is killed. */
final class Publisher {
  private static final int PARTS = 3;

  private Publisher() {}

  /** Arguments: the directory of runs; {@code once} to hold the run and wait, or else nothing. */
  public static void main(String[] arguments) throws InterruptedException {
    RunDirectory run =
        RunDirectory.create(Runs.hadoop(Path.of(arguments[0])), "bank", new Configuration(false));
    HeldRun held = Runs.hold(run);
    System.out.println("holding");
    if (arguments.length > 1) {
      Thread.sleep(60_000);
    }
    while (true) {
      publish(held);
    }
  }

  /** Both stages of an attempt hold the same random word, so that a mixture would show. */
  static void publish(HeldRun held) {
    String word = UUID.randomUUID().toString();
    try (Attempt attempt = held.begin(Stage.RAW, Runs.KEY)) {
      for (Stage stage : Stage.RAW.group()) {
        for (int part = 0; part < PARTS; part++) {
          Runs.write(Runs.local(attempt.path(stage)).resolve("part-" + part), word);
        }
      }
      attempt.publish(
          new StageOutput(Stage.RAW, Map.of("rows", 1L), word, Map.of()),
          new StageOutput(Stage.QUARANTINE, Map.of("rows", 0L), word, Map.of()));
    }
  }
}
