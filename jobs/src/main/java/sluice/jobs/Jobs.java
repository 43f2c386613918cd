package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
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

  /** What is done with a configuration. */
  public static final List<Named<Job>> ALL = all();

  /** What is asked without one. */
  public static final List<Named<Inquiry>> INQUIRIES =
      List.of(new Named<>("path", new PathInquiry()), new Named<>("digest", new DigestInquiry()));

  private Jobs() {}

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
    List<Job> stages = STAGES.stream().<Job>map(named -> new StageJob(named.job())).toList();
    Job predict = new StageJob(PREDICT.job());
    jobs.add(new Named<>("run", new RunAll(stages, predict)));
    for (int i = 0; i < STAGES.size(); i++) {
      jobs.add(new Named<>(STAGES.get(i).command(), stages.get(i)));
    }
    jobs.add(new Named<>(PREDICT.command(), predict));
    return List.copyOf(jobs);
  }
}
