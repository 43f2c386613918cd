package sluice.stages;

import java.util.List;
import sluice.config.PipelineConfig;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.training.Advice;

/** Measures a few rounds of the training and says how fast it would go; publishes nothing. */
public final class AdviseJob implements Job {
  private static final double SECONDS = 60;

  @Override
  public String purpose() {
    return "Measures a few rounds and says how fast the training would go on how many slots.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("train: measure some rounds for at most %.0f s".formatted(SECONDS));
  }

  @Override
  public JobResult run(JobContext context) {
    Advice advice = TrainStage.advise(context, SECONDS);
    return new JobResult(advice.lines().stream().map(line -> "advice: " + line).toList());
  }
}
