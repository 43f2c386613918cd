package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sluice.run.Stage;

/** Every job and inquiry there is, by the command that runs it, in the order of the help. */
public final class Jobs {

  /** A command and its job. */
  public record Named<T>(String command, T job) {}

  private static final Named<StageWork> PREDICT = new Named<>("predict", new PredictStage());

  /** The stages of {@code run}, in its order. */
  private static final List<Named<StageWork>> STAGES =
      List.of(
          new Named<>("ingest", new IngestStage()),
          new Named<>("clean", new CleanStage()),
          new Named<>("split", new SplitStage()),
          new Named<>("normalise", new NormaliseStage()),
          new Named<>("augment", new AugmentStage()),
          new Named<>("train", new TrainStage()),
          new Named<>("explain", new ExplainStage()),
          new Named<>("evaluate", new EvaluateStage()));

  /** What a dated run has of each date of its window; the others are made of all of them. */
  private static final Set<Stage> EACH_DATE = Set.of(Stage.RAW, Stage.CLEAN);

  /** What is done with a configuration. */
  public static final List<Named<Job>> ALL = all();

  /** What is asked without one. */
  public static final List<Named<Inquiry>> INQUIRIES =
      List.of(
          new Named<>("path", new PathInquiry()),
          new Named<>("digest", new DigestInquiry()),
          new Named<>("runs", new RunsInquiry()),
          new Named<>("show", new ShowInquiry()),
          new Named<>("diff", new DiffInquiry()),
          new Named<>("reproduce", new ReproduceInquiry()),
          new Named<>("models", new ModelsInquiry()),
          new Named<>("use", new UseInquiry()),
          new Named<>("rollback", new RollbackInquiry()),
          new Named<>("prune", new PruneInquiry()));

  private Jobs() {}

  /** The jobs that make a stage out of the source, in their order. */
  static List<Job> making(Stage stage) {
    List<Job> jobs = new ArrayList<>();
    for (Named<StageWork> named : STAGES) {
      ALL.stream()
          .filter(job -> job.command().equals(named.command()))
          .forEach(job -> jobs.add(job.job()));
      if (named.job().stage() == stage) {
        break;
      }
    }
    return jobs;
  }

  /** The command that makes a stage. */
  static String maker(Stage stage) {
    return STAGES.stream()
        .filter(named -> named.job().stage() == stage.leader())
        .map(Named::command)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing makes " + stage));
  }

  private static List<Named<Job>> all() {
    List<Named<Job>> jobs = new ArrayList<>();
    List<Job> stages =
        STAGES.stream()
            .map(StageJob::new)
            .<Job>map(job -> EACH_DATE.contains(job.stage()) ? new EachDate(job) : job)
            .toList();
    Job predict = new StageJob(PREDICT);
    Job promote = new PromoteJob();
    jobs.add(
        new Named<>(
            "run",
            new InTurn(
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
            new InTurn(
                "Runs every stage from ingest to augment: what training needs.",
                config -> making(Stage.AUGMENTED))));
    for (int i = 0; i < STAGES.size(); i++) {
      jobs.add(new Named<>(STAGES.get(i).command(), stages.get(i)));
    }
    jobs.add(new Named<>("gate", new GateJob()));
    jobs.add(new Named<>("promote", promote));
    jobs.add(new Named<>(PREDICT.command(), predict));
    return List.copyOf(jobs);
  }
}
