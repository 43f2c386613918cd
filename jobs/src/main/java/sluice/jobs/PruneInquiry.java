package sluice.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.run.HeldRun;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.Stage;
import sluice.training.Checkpoints;

/**
 * Removes dated runs but the latest of each pipeline, what killed processes left in the others, and
 * reproductions that were cut short. A run that somebody holds stays; so does what is not ours.
 * Registered models are copies and stay too.
 */
final class PruneInquiry implements Inquiry {

  @Override
  public String purpose() {
    return "Removes all but the KEEP latest dated runs of each pipeline, and what was left unfinished.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS", "KEEP");
  }

  @Override
  public JobResult answer(List<String> arguments) {
    int keep = RunText.number("KEEP", arguments.get(1));
    Path runs = new Path(arguments.get(0));
    Configuration hadoop = new Configuration();
    List<String> lines = new ArrayList<>();
    Map<String, List<RunDirectory>> dated = new TreeMap<>();
    for (RunDirectory run : RunDirectory.all(runs, hadoop)) {
      if (run.date().isPresent()) {
        dated.computeIfAbsent(run.name(), name -> new ArrayList<>()).add(run);
      } else {
        tidy(run, lines);
      }
    }
    dated
        .values()
        .forEach(
            all -> {
              all.sort(Comparator.comparing((RunDirectory run) -> run.date().orElseThrow()));
              int old = Math.max(0, all.size() - keep);
              all.subList(0, old).forEach(run -> discard(run, hadoop, lines));
              all.subList(old, all.size()).forEach(run -> tidy(run, lines));
            });
    reproductions(runs, hadoop, lines);
    return new JobResult(lines.isEmpty() ? List.of("nothing to remove") : lines);
  }

  private static void tidy(RunDirectory run, List<String> lines) {
    held(run, lines, HeldRun::removeUnfinished);
  }

  private static void discard(RunDirectory run, Configuration hadoop, List<String> lines) {
    held(
        run,
        lines,
        held -> {
          new Checkpoints(new Path(run.root(), Stage.CHECKPOINTS.directory()), hadoop, "none")
              .clearOthers();
          boolean gone = held.discard();
          lines.add(
              "%s: removed%s"
                  .formatted(run.title(), gone ? "" : ", but for files that are not ours"));
        });
  }

  private interface Work {
    void on(HeldRun held);
  }

  private static void held(RunDirectory run, List<String> lines, Work work) {
    HeldRun held;
    try {
      held = run.hold(RunSettings.DEFAULT, InstantSource.system());
    } catch (InvalidInput inUse) {
      lines.add("%s: stays: %s".formatted(run.title(), String.join("; ", inUse.problems())));
      return;
    }
    try (held) {
      work.on(held);
    }
  }

  private static void reproductions(Path runs, Configuration hadoop, List<String> lines) {
    Path above = new Path(runs, ReproduceInquiry.DIRECTORY);
    try {
      FileSystem files = above.getFileSystem(hadoop);
      if (files.exists(above)) {
        for (FileStatus each : files.listStatus(above)) {
          for (RunDirectory run : RunDirectory.all(each.getPath(), hadoop)) {
            discard(run, hadoop, lines);
            RunDirectory.deleteIfEmpty(run.root().getParent(), hadoop);
          }
          RunDirectory.deleteIfEmpty(each.getPath(), hadoop);
        }
        RunDirectory.deleteIfEmpty(above, hadoop);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove what was left in " + above, e);
    }
  }
}
