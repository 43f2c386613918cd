package sluice.commands;

import java.util.ArrayList;
import java.util.List;
import sluice.config.PipelineConfig;
import sluice.data.Decimal;
import sluice.evaluation.Gate;
import sluice.evaluation.GateSettings;
import sluice.jobs.GateNotPassed;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.stages.PublishedMetrics;

/** Whether the current bundle is good enough to be used; writes nothing. */
public final class GateJob implements Job {

  @Override
  public String purpose() {
    return "Asks whether the metrics pass the gate; ends with exit code 4 if not.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    GateSettings gate = config.evaluate().gate();
    List<String> plan = new ArrayList<>();
    gate.atLeast()
        .forEach(
            (metric, least) -> plan.add("%s at least %s".formatted(metric, Decimal.text(least))));
    gate.atMost()
        .forEach((metric, most) -> plan.add("%s at most %s".formatted(metric, Decimal.text(most))));
    gate.noWorse()
        .forEach(
            (metric, tolerance) ->
                plan.add(
                    "%s no worse than in use by more than %s"
                        .formatted(metric, Decimal.text(tolerance))));
    return List.of("gate: " + (plan.isEmpty() ? "asks nothing" : String.join(", ", plan)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws GateNotPassed with all that does not hold
   */
  @Override
  public JobResult run(JobContext context) {
    return new JobResult(check(context, PublishedMetrics.of(context)));
  }

  /** What holds, one line each; throws if anything does not. */
  static List<String> check(JobContext context, PublishedMetrics judgement) {
    Gate gate = judgement.gate(context);
    if (!gate.failed().isEmpty()) {
      throw new GateNotPassed(gate.failed().stream().map(line -> "gate: " + line).toList());
    }
    return gate.passed().isEmpty()
        ? List.of("gate: nothing is asked (evaluate.gate)")
        : gate.passed().stream().map(line -> "gate: passed: " + line).toList();
  }
}
