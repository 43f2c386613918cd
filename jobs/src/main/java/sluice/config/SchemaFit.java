package sluice.config;

import java.util.ArrayList;
import java.util.List;
import sluice.clean.Cleaning;
import sluice.data.DatasetContract;

/**
 * Whether the sections of a configuration fit the columns that its schema declares, told before
 * anything is read.
 */
final class SchemaFit {
  private SchemaFit() {}

  /** Every misfit, each beginning with the path of its key. */
  static List<String> problems(PipelineConfig config) {
    DatasetContract read = config.ingest().contract();
    List<String> problems = new ArrayList<>();
    Cleaning.problems(read, config.clean().rules())
        .forEach(problem -> problems.add("clean." + problem));
    if (!problems.isEmpty()) {
      // Which columns the rules would leave nobody knows yet.
      return problems;
    }
    DatasetContract cleaned = new Cleaning(read, config.clean().rules()).outputContract();
    problems.addAll(config.split().problems(cleaned));
    problems.addAll(config.normalise().problems(cleaned));
    List<String> slices = config.evaluate().slices();
    for (int i = 0; i < slices.size(); i++) {
      if (!cleaned.has(slices.get(i))) {
        problems.add("evaluate.slices[%d]: %s".formatted(i, cleaned.unknown(slices.get(i))));
      }
    }
    return problems;
  }
}
