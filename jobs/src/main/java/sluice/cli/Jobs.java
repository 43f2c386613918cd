package sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sluice.commands.DiffCommand;
import sluice.commands.DigestCommand;
import sluice.commands.GateJob;
import sluice.commands.KerasCommand;
import sluice.commands.ModelsCommand;
import sluice.commands.PathCommand;
import sluice.commands.PromoteJob;
import sluice.commands.PruneCommand;
import sluice.commands.ReproduceCommand;
import sluice.commands.RollbackCommand;
import sluice.commands.RunsCommand;
import sluice.commands.ShowCommand;
import sluice.commands.UseCommand;
import sluice.jobs.Command;
import sluice.jobs.Job;
import sluice.jobs.JobSequence;
import sluice.jobs.StageJob;
import sluice.jobs.StageWork;
import sluice.jobs.WindowBackfill;
import sluice.run.Stage;
import sluice.stages.AugmentStage;
import sluice.stages.CleanStage;
import sluice.stages.EvaluateStage;
import sluice.stages.ExplainStage;
import sluice.stages.IngestStage;
import sluice.stages.NormaliseStage;
import sluice.stages.PredictStage;
import sluice.stages.SplitStage;
import sluice.stages.TrainStage;

/** Every job and command there is, by the command that runs it, in the order of the help. */
public final class Jobs {

  /** A command and its job. */
  public record Named<T>(String command, T job) {}

  /** The stages of {@code run}, in its order. */
  private static final List<StageWork> STAGES =
      List.of(
          new IngestStage(),
          new CleanStage(),
          new SplitStage(),
          new NormaliseStage(),
          new AugmentStage(),
          new TrainStage(),
          new ExplainStage(),
          new EvaluateStage());

  /** What a dated run has of each date of its window; the others are made of all of them. */
  private static final Set<Stage> EACH_DATE = Set.of(Stage.RAW, Stage.CLEAN);

  /** Jobs, which need a configuration. */
  public static final List<Named<Job>> ALL = all();

  /** Commands, which do not. */
  public static final List<Named<Command>> COMMANDS =
      List.of(
          new Named<>("path", new PathCommand()),
          new Named<>("digest", new DigestCommand()),
          new Named<>("runs", new RunsCommand()),
          new Named<>("show", new ShowCommand()),
          new Named<>("diff", new DiffCommand()),
          new Named<>("reproduce", new ReproduceCommand(Jobs::making)),
          new Named<>("keras", new KerasCommand()),
          new Named<>("models", new ModelsCommand()),
          new Named<>("use", new UseCommand()),
          new Named<>("rollback", new RollbackCommand()),
          new Named<>("prune", new PruneCommand()));

  private Jobs() {}

  /** The jobs that make a stage out of the source, in their order. */
  private static List<Job> making(Stage stage) {
    List<String> commands = STAGES.stream().map(StageWork::stage).map(Stage::command).toList();
    return commands.subList(0, commands.indexOf(stage.command()) + 1).stream()
        .map(
            command ->
                ALL.stream().filter(job -> job.command().equals(command)).findFirst().orElseThrow())
        .map(Named::job)
        .toList();
  }

  private static List<Named<Job>> all() {
    List<Named<Job>> jobs = new ArrayList<>();
    List<Job> stages =
        STAGES.stream()
            .map(StageJob::new)
            .<Job>map(job -> EACH_DATE.contains(job.stage()) ? new WindowBackfill(job) : job)
            .toList();
    Job predict = new StageJob(new PredictStage());
    Job promote = new PromoteJob();
    jobs.add(
        new Named<>(
            "run",
            new JobSequence(
                "Runs every stage from ingest to evaluate, promote where there is a gate, and"
                    + " predict where it has a source.",
                config -> {
                  List<Job> all = new ArrayList<>(stages);
                  if (config.evaluate().gate().isSet()) {
                    all.add(promote);
                  }
                  if (config.predict().source() != null) {
                    all.add(predict);
                  }
                  return all;
                })));
    jobs.add(
        new Named<>(
            "prepare",
            new JobSequence(
                "Runs every stage from ingest to augment: what training needs.",
                config -> making(Stage.AUGMENTED))));
    for (int i = 0; i < STAGES.size(); i++) {
      jobs.add(new Named<>(STAGES.get(i).stage().command(), stages.get(i)));
    }
    jobs.add(new Named<>("gate", new GateJob()));
    jobs.add(new Named<>("promote", promote));
    jobs.add(new Named<>(Stage.PREDICTIONS.command(), predict));
    return List.copyOf(jobs);
  }
}
