package sluice.jobs;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.run.ModelRegistry;

/** Puts back in use what was before. */
final class RollbackInquiry implements Inquiry {

  @Override
  public String purpose() {
    return "Puts that version of a model back in use that was before the current one.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS", "NAME");
  }

  @Override
  public JobResult answer(List<String> arguments) {
    ModelRegistry registry =
        ModelRegistry.of(new Path(arguments.get(0)), arguments.get(1), new Configuration());
    return UseInquiry.use(registry, registry.previous().version());
  }
}
