package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.config.PipelineConfig;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.SparkSchema;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.split.Split;
import sluice.split.SplitSettings;

/** {@code clean} to {@code split}: every row with its part. */
public final class SplitStage implements StageWork {

  @Override
  public Stage stage() {
    return Stage.SPLIT;
  }

  @Override
  public String purpose() {
    return "Divides the rows into train, validation and test.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of(
        config.ingest().parts().isEmpty()
            ? "divide by " + config.split().by().text()
            : "keep the parts of the files");
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.split(), config.ingest().parts().stream().map(Part::text).toList());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return context.windowFingerprints(Stage.CLEAN);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    Set<Part> given = config.ingest().parts();
    long seed = config.pipeline().seed();
    Dataset<Row> clean = context.readWindow(Stage.CLEAN);
    DatasetContract contract = SparkSchema.contract(clean.schema());
    Dataset<Row> split =
        given.isEmpty()
            ? Split.apply(clean, contract, config.split(), seed)
            : Split.ofFiles(clean, contract, config.split(), given, seed);
    context.write(split, attempt.path());
    Dataset<Row> written = context.read(attempt.path());
    Map<Part, Long> counts = Split.counts(written);
    List<String> lines = new ArrayList<>();
    if (!given.isEmpty()) {
      LedgerReader.checkParts(context, given, counts);
      List<String> columns = new ArrayList<>(contract.names());
      columns.remove(config.ingest().sourceColumn());
      long seen = Split.seenTestRows(written, columns);
      if (seen > 0) {
        lines.add("%,d test rows equal rows of train or validation".formatted(seen));
      }
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    counts.forEach((part, count) -> rows.put(part.text(), count));
    SplitSettings settings = config.split();
    lines.add(
        0,
        settings.sameRows()
            ? "train and test are the same rows"
            : "train %,d, validation %,d, test %,d"
                .formatted(rows.get("train"), rows.get("validation"), rows.get("test")));
    if (given.isEmpty()) {
      InexactShares.inexact(settings, counts, () -> strata(written, settings))
          .ifPresent(lines::add);
    }
    return new StageResult(List.of(StageOutput.of(Stage.SPLIT, rows)), lines);
  }

  private static long strata(Dataset<Row> split, SplitSettings settings) {
    @Nullable String column = settings.stratifyBy();
    return column == null ? 1 : split.select(Columns.named(column)).distinct().count();
  }
}
