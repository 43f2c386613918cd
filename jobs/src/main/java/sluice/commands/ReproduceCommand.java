package sluice.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import sluice.bundle.ModelBundle;
import sluice.config.ConfigReader;
import sluice.config.PipelineConfig;
import sluice.config.ResolvedConfig;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Sha256;
import sluice.data.TextTable;
import sluice.jobs.Command;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.jobs.Progress;
import sluice.jobs.Rerun;
import sluice.jobs.RunFormatting;
import sluice.jobs.Screen;
import sluice.jobs.Session;
import sluice.network.spec.Dl4jNetwork;
import sluice.run.CodeVersion;
import sluice.run.HeldRun;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.Stage;
import sluice.stages.TrainStage;

/**
 * Makes a run's bundle again, from the source on, in a directory of its own that is removed at the
 * end, and compares every table and the bundle with those of the run.
 */
public final class ReproduceCommand implements Command {
  private final Function<Stage, List<Job>> makers;

  /**
   * @param makers the jobs that make a stage out of the source, in their order
   */
  public ReproduceCommand(Function<Stage, List<Job>> makers) {
    this.makers = makers;
  }

  static final String DIRECTORY = "_reproductions";
  private static final List<Stage> TABLES =
      List.of(
          Stage.RAW,
          Stage.QUARANTINE,
          Stage.CLEAN,
          Stage.REJECTS,
          Stage.SPLIT,
          Stage.FEATURES,
          Stage.AUGMENTED);

  @Override
  public String purpose() {
    return "Makes a run's bundle again from the source and compares all hashes.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUN");
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInput (data) with every hash that differs
   */
  @Override
  public JobResult run(List<String> arguments) {
    Configuration hadoop = new Configuration();
    RunDirectory run = RunDirectory.open(new Path(arguments.get(0)), hadoop);
    Published model = RunFormatting.published(run, Stage.MODEL);
    Path scratch =
        new Path(new Path(run.runsDir(), DIRECTORY), UUID.randomUUID().toString().substring(0, 8));
    ResolvedConfig<PipelineConfig> configuration =
        asTrained(configuration(model, scratch), RunFormatting.bundle(run, hadoop));
    InstantSource clock = InstantSource.system();
    try (Session session =
        Session.open(
            "sluice reproduce",
            configuration.value().spark(),
            key -> configuration.isSecret("spark", key))) {
      RunDirectory again = RunDirectory.create(scratch, run.name(), run.date(), hadoop);
      try (HeldRun held = again.hold(RunSettings.DEFAULT, clock)) {
        JobContext context =
            new JobContext(
                session.spark(), configuration, held, Rerun.SKIP_UNCHANGED, clock, progress(clock));
        makers.apply(Stage.MODEL).forEach(job -> job.run(context));
        return compared(run, again, session.spark(), hadoop);
      }
    } finally {
      delete(scratch, hadoop);
    }
  }

  /** A network that was read from a file is that of the bundle: the file may have changed since. */
  private static ResolvedConfig<PipelineConfig> asTrained(
      ResolvedConfig<PipelineConfig> configuration, ModelBundle bundle) {
    return bundle.definition().spec() instanceof Dl4jNetwork network
        ? configuration.with(configuration.value().with(network))
        : configuration;
  }

  private static ResolvedConfig<PipelineConfig> configuration(Published model, Path scratch) {
    String text =
        Optional.ofNullable(model.manifest().facts().get(TrainStage.CONFIGURATION))
            .map(fact -> Json.read(fact.toString(), String.class, model.path().toString()))
            .orElseThrow(
                () ->
                    InvalidInput.data(
                        "%s: the manifest must hold the configuration".formatted(model.path())));
    if (ResolvedConfig.isRedacted(text)) {
      throw InvalidInput.configuration(
          "%s: the run's configuration held secrets, which are not kept; secrets belong in the"
                  .formatted(model.path())
              + " environment, as in ${?NAME}");
    }
    try {
      java.nio.file.Path file = Files.createTempFile("sluice-reproduce-", ".conf");
      try {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return ConfigReader.ofPipelines().read(file, List.of("pipeline.runs-dir=" + scratch));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the configuration in a temporary file", e);
    }
  }

  private static JobResult compared(
      RunDirectory run, RunDirectory again, SparkSession spark, Configuration hadoop) {
    List<List<String>> table = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Stage stage : TABLES) {
      compare(
          stage.directory(),
          digest(run, stage, spark),
          digest(again, stage, spark),
          table,
          problems);
    }
    ModelBundle first = RunFormatting.bundle(run, hadoop);
    ModelBundle second = RunFormatting.bundle(again, hadoop);
    compare("parameters", parameters(first), parameters(second), table, problems);
    compare("bundle", first.id(), second.id(), table, problems);
    if (!problems.isEmpty()) {
      if (!first.provenance().code().equals(CodeVersion.current())) {
        problems.add(
            "the run was made by the code %s, this is %s"
                .formatted(first.provenance().code(), CodeVersion.current()));
      }
      if (!first.provenance().data().equals(second.provenance().data())) {
        problems.add(
            "the run was made from %s, the source has now %s"
                .formatted(first.provenance().data(), second.provenance().data()));
      }
      throw InvalidInput.data(problems);
    }
    return new JobResult(TextTable.lines(table));
  }

  private static void compare(
      String what, String first, String second, List<List<String>> table, List<String> problems) {
    table.add(List.of(what, first, "same"));
    if (!first.equals(second)) {
      problems.add("%s must be %s as in the run, got %s".formatted(what, first, second));
    }
  }

  private static String digest(RunDirectory run, Stage stage, SparkSession spark) {
    return DigestCommand.digest(spark, RunFormatting.published(run, stage).path().toString());
  }

  private static String parameters(ModelBundle bundle) {
    return Sha256.hexOf(
        Optional.ofNullable(bundle.files().get(ModelBundle.PARAMETERS)).orElseThrow());
  }

  private static Progress progress(InstantSource clock) {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    // The answer alone is the result.
    return new Progress(new Screen(err, err, 0, line -> line), clock);
  }

  private static void delete(Path scratch, Configuration hadoop) {
    try {
      scratch.getFileSystem(hadoop).delete(scratch, true);
      RunDirectory.deleteIfEmpty(scratch.getParent(), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + scratch, e);
    }
  }
}
