package sluice.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.config.PipelineConfig;
import sluice.config.PipelineSettings;
import sluice.config.ResolvedConfig;
import sluice.data.InvalidInput;
import sluice.jobs.ExitCode;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.JobResult;
import sluice.jobs.NetworkFile;
import sluice.jobs.OnStop;
import sluice.jobs.Progress;
import sluice.jobs.Rerun;
import sluice.jobs.RunFormatting;
import sluice.jobs.Screen;
import sluice.jobs.Session;
import sluice.run.HeldRun;
import sluice.run.RunDirectory;
import sluice.run.RunSettings;
import sluice.run.RunStatus;

/**
 * One run of a job: with a session of Spark's and the run directory held, while the log goes to its
 * file, the stages to the screen and what the job comes to into the run's status.
 */
final class JobRun {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** What stands in the status for SIGTERM and Ctrl-C alike; the code itself is the system's. */
  private static final int STOPPED = 143;

  private final String command;
  private final Screen screen;
  private final BooleanSupplier stopped;
  private final UnaryOperator<String> shown;
  private final InstantSource clock = InstantSource.system();
  private @Nullable Path log;

  /**
   * @param command the name of the job
   * @param stopped whether the process is being ended from outside, when failures mean nothing
   * @param shown what becomes of a text before it is shown or kept
   */
  JobRun(String command, Screen screen, BooleanSupplier stopped, UnaryOperator<String> shown) {
    this.command = command;
    this.screen = screen;
    this.stopped = stopped;
    this.shown = shown;
  }

  /** The log that a failure has left. */
  Optional<Path> log() {
    return Optional.ofNullable(log);
  }

  /**
   * Runs a job to its end and prints what it ends with.
   *
   * @param what for the log: the file of the configuration
   */
  void run(Job job, ResolvedConfig<PipelineConfig> configuration, Path what, Rerun rerun) {
    PipelineConfig config = configuration.value();
    String name = "sluice %s %s".formatted(command, config.pipeline().name());
    try (RunLog kept = RunLog.begin(screen, shown);
        Progress progress = new Progress(screen, clock)) {
      LOG.info("{} {}\n{}", command, what, String.join("\n", configuration.redacted()));
      progress.stage("Spark");
      try (Session session =
          Session.open(name, config.spark(), key -> configuration.isSecret("spark", key))) {
        session.describeTo(progress);
        JobResult result = hold(job, configuration, rerun, session, progress, kept);
        progress.stage("");
        result.lines().forEach(screen::print);
        kept.file().ifPresent(file -> screen.print("log " + RunFormatting.here(file)));
      } catch (Exception failure) {
        // Spark throws checked exceptions without declaring them.
        log(failure, kept);
        throw failure;
      }
    }
  }

  private void log(Exception failure, RunLog kept) {
    if (stopped.getAsBoolean()) {
      return;
    }
    ExitCode code = ExitCode.of(failure);
    // Logs go to other places than the run's too, and nothing takes secrets out of them there.
    LOG.error(
        RunLog.FAILURE,
        "{}: failed with exit code {}:\n{}",
        command,
        code.number(),
        shown.apply(code == ExitCode.INTERNAL ? Program.trace(failure) : message(failure)));
    Optional<Path> file = code == ExitCode.INTERNAL ? kept.fileAnyway() : kept.file();
    log = file.orElse(null);
  }

  private static String message(Exception failure) {
    return ExitCode.message(failure)
        .map(lines -> String.join("\n", lines))
        .orElseGet(failure::toString);
  }

  private JobResult hold(
      Job job,
      ResolvedConfig<PipelineConfig> configuration,
      Rerun rerun,
      Session session,
      Progress progress,
      RunLog kept) {
    RunDirectory directory =
        directory(
            configuration.value().pipeline(), session.spark().sparkContext().hadoopConfiguration());
    // For the lines of the log, whichever thread writes them.
    System.setProperty("sluice.run", directory.title());
    System.setProperty("sluice.job", command);
    try (HeldRun held = directory.hold(RunSettings.DEFAULT, clock)) {
      kept.keepIn(() -> held.createLog(command));
      RunStatus status = RunStatus.running(command, clock.instant());
      held.report(status);
      try {
        JobContext context =
            new JobContext(
                session.spark(),
                NetworkFile.read(
                    configuration, session.spark().sparkContext().hadoopConfiguration()),
                held,
                rerun,
                clock,
                progress);
        JobResult result =
            OnStop.during(
                () -> job.run(context),
                () -> held.report(status.ended(STOPPED, "stopped by a signal", clock.instant())));
        held.report(status.ended(ExitCode.SUCCESS.number(), "", clock.instant()));
        return result;
      } catch (Exception failure) {
        report(held, status, failure);
        throw failure;
      }
    }
  }

  /** Puts into the status of a run that its configuration cannot be read. */
  void refuse(PipelineSettings run, InvalidInput unreadable) {
    try (HeldRun held =
        directory(run, SparkHadoopUtil.get().newConfiguration(new SparkConf()))
            .hold(RunSettings.DEFAULT, clock)) {
      report(held, RunStatus.running(command, clock.instant()), unreadable);
    } catch (RuntimeException unreported) {
      // What is wrong with the configuration is what the user must see.
      unreadable.addSuppressed(unreported);
    }
  }

  private static RunDirectory directory(PipelineSettings run, Configuration hadoop) {
    return RunDirectory.create(
        new org.apache.hadoop.fs.Path(run.runsDir()), run.name(), run.day(), hadoop);
  }

  private void report(HeldRun held, RunStatus status, Exception failure) {
    if (stopped.getAsBoolean()) {
      // What fails while Spark stops says nothing.
      return;
    }
    try {
      held.report(
          status.ended(
              ExitCode.of(failure).number(), shown.apply(message(failure)), clock.instant()));
    } catch (RuntimeException unreported) {
      // What failed first is what the user must see.
      failure.addSuppressed(unreported);
    }
  }
}
