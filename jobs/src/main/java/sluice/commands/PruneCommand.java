package sluice.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.run.HeldRun;
import sluice.run.RunDirectory;
import sluice.run.RunHeld;
import sluice.run.RunSettings;
import sluice.run.Stage;
import sluice.training.checkpoint.Checkpoints;

/**
 * Removes dated runs but the latest of each pipeline, by number or by days; of the others what
 * killed processes left, all but the latest {@value #LOGS} logs and all but the latest two
 * predictions; and reproductions that were cut short. Days count back from a pipeline's latest
 * date, not from today: one that has stopped keeps its last runs. A run that somebody holds stays;
 * so does what is not ours. Registered models are copies and stay too.
 */
public final class PruneCommand implements Command {
  /** How many logs of jobs stay in a run that stays. */
  private static final int LOGS = 20;

  private static final Pattern KEEP = Pattern.compile("([1-9][0-9]{0,5})(d?)");

  @Override
  public String purpose() {
    return "Removes all but the latest dated runs of each pipeline, KEEP of them or, as in 90d, those of the"
        + " last KEEP days, old logs and predictions, and what was left unfinished.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS", "KEEP");
  }

  @Override
  public JobResult run(List<String> arguments) {
    Matcher keep = KEEP.matcher(arguments.get(1));
    if (!keep.matches()) {
      throw InvalidInput.configuration(
          "KEEP must be a number of runs from 1, or of days as in 90d, got %s"
              .formatted(arguments.get(1)));
    }
    int number = Integer.parseInt(keep.group(1));
    boolean days = !keep.group(2).isEmpty();
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
              all.sort(Comparator.comparing(PruneCommand::date));
              int old =
                  days
                      ? runsBefore(date(all.get(all.size() - 1)).minusDays(number - 1), all)
                      : Math.max(0, all.size() - number);
              all.subList(0, old).forEach(run -> discard(run, hadoop, lines));
              all.subList(old, all.size()).forEach(run -> tidy(run, lines));
            });
    reproductions(runs, hadoop, lines);
    return new JobResult(lines.isEmpty() ? List.of("nothing to remove") : lines);
  }

  private static LocalDate date(RunDirectory run) {
    return run.date().orElseThrow();
  }

  private static int runsBefore(LocalDate first, List<RunDirectory> runs) {
    return (int) runs.stream().filter(run -> date(run).isBefore(first)).count();
  }

  private static void tidy(RunDirectory run, List<String> lines) {
    held(
        run,
        lines,
        held -> {
          held.removeUnfinished();
          held.removeLogs(LOGS);
          int removed = held.removePredictions();
          if (removed > 0) {
            lines.add("%s: removed %d earlier predictions".formatted(run.title(), removed));
          }
        });
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
    } catch (RunHeld other) {
      lines.add("%s: stays: %s".formatted(run.title(), other.getMessage()));
      return;
    }
    try (held) {
      work.on(held);
    }
  }

  private static void reproductions(Path runs, Configuration hadoop, List<String> lines) {
    Path above = new Path(runs, ReproduceCommand.DIRECTORY);
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
