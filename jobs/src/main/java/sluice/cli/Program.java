package sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import sluice.cli.Jobs.Named;
import sluice.config.ConfigReader;
import sluice.config.PipelineConfig;
import sluice.config.PipelineSettings;
import sluice.config.Redaction;
import sluice.config.ResolvedConfig;
import sluice.data.InvalidInput;
import sluice.jobs.Command;
import sluice.jobs.ExitCode;
import sluice.jobs.Job;
import sluice.jobs.JobResult;
import sluice.jobs.Rerun;
import sluice.jobs.RunFormatting;
import sluice.jobs.Screen;

/**
 * The commands: one for each job and each other command, and {@code validate}. Results go to the
 * output; problems and progress to the error output.
 */
final class Program {
  /** What the last parameter of a command ends in if it may be repeated. */
  private static final String REPEATED = "...";

  private static final String ADVISE = "--advise";

  private final CommandLine commands;
  private final PrintWriter out;
  private final PrintWriter err;
  private final BooleanSupplier stopped;
  private final Screen screen;

  /** Of the configuration, once it is known. */
  private Redaction redaction = Redaction.OF_URLS;

  /** The log that a failure has left. */
  private @Nullable Path log;

  /**
   * @param stopped whether the process is being ended from outside, when failures mean nothing
   */
  Program(
      List<Named<Job>> jobs,
      List<Named<Command>> others,
      PrintWriter out,
      PrintWriter err,
      BooleanSupplier stopped) {
    this.out = out;
    this.err = err;
    this.stopped = stopped;
    this.screen = new Screen(out, err, Terminal.columns(), this::shown);
    commands = new CommandLine(new Root());
    for (Named<Job> job : jobs) {
      CommandLine command = new CommandLine(new RunJob(job));
      job.job().adviser().ifPresent(adviser -> command.getCommandSpec().addOption(advise(adviser)));
      add(job.command(), command, job.job().purpose());
    }
    commands.addSubcommand(new CommandLine(new Validate()));
    for (Named<Command> named : others) {
      add(named.command(), line(named.job()), named.job().purpose());
    }
    commands.setOut(out);
    commands.setErr(err);
    commands.setExpandAtFiles(false);
    commands.setParameterExceptionHandler(this::misused);
    commands.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
  }

  int run(String... arguments) {
    return commands.execute(arguments);
  }

  private void add(String name, CommandLine command, String purpose) {
    command.getCommandSpec().usageMessage().description(purpose);
    commands.addSubcommand(name, command);
  }

  private static OptionSpec advise(Job adviser) {
    return OptionSpec.builder(ADVISE).type(boolean.class).description(adviser.purpose()).build();
  }

  private int misused(ParameterException misuse, String... arguments) {
    err.println(misuse.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(misuse, err);
    err.println(
        "See '%s --help'.".formatted(misuse.getCommandLine().getCommandSpec().qualifiedName()));
    return ExitCode.CONFIGURATION.number();
  }

  private int failed(Exception failure) {
    ExitCode code = ExitCode.of(failure);
    if (stopped.getAsBoolean()) {
      return code.number();
    }
    ExitCode.message(failure)
        .orElseGet(() -> trace(failure).lines().toList())
        .forEach(screen::warn);
    if (log != null) {
      screen.warn("log " + RunFormatting.here(log));
    }
    return code.number();
  }

  static String trace(Exception failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    return trace.toString().stripTrailing();
  }

  private void print(JobResult result) {
    result.lines().forEach(screen::print);
  }

  private String shown(String line) {
    return Terminal.plain(redaction.of(line));
  }

  /** Options that every command has. */
  @CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
  private abstract static class Base implements Callable<Integer> {}

  /** {@code sluice} alone. */
  @CommandLine.Command(
      name = "sluice",
      description = "Raw data to a trained, judged and usable neural network on Apache Spark.",
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root extends Base {
    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      CommandSpec own = java.util.Objects.requireNonNull(spec);
      throw new ParameterException(own.commandLine(), "Missing a command");
    }
  }

  /** A command that reads a configuration. */
  private abstract static class WithConfiguration extends Base {
    @Parameters(paramLabel = "CONF", description = "The configuration, a file in HOCON.")
    private @Nullable Path file;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "Sets a key over what the file says; may be repeated.")
    private List<String> overrides = new ArrayList<>();

    final Path file() {
      return java.util.Objects.requireNonNull(file);
    }

    final ResolvedConfig<PipelineConfig> configuration() {
      return ConfigReader.ofPipelines().read(file(), overrides);
    }

    /** Where the run is kept, as far as the options say by themselves. */
    final Optional<PipelineSettings> whereabouts() {
      return ConfigReader.whereabouts(overrides);
    }
  }

  @CommandLine.Command(name = "validate", description = "Checks a configuration; reads no data.")
  private final class Validate extends WithConfiguration {
    @Override
    public Integer call() {
      configuration();
      out.println(file() + " is valid");
      return ExitCode.SUCCESS.number();
    }
  }

  private final class RunJob extends WithConfiguration {
    private final Named<Job> job;

    @Option(
        names = "--dry-run",
        description = "Checks the configuration and prints the plan; reads no data.")
    private boolean dryRun;

    @Option(names = "--force", description = "Runs also what has not changed.")
    private boolean force;

    @CommandLine.Spec private @Nullable CommandSpec spec;

    RunJob(Named<Job> job) {
      this.job = job;
    }

    @Override
    public Integer call() {
      JobRun run = new JobRun(job.command(), screen, stopped, Program.this::shown);
      ResolvedConfig<PipelineConfig> configuration = readable(run);
      redaction = configuration.redaction();
      if (dryRun) {
        print(new JobResult(chosen().plan(configuration.value())));
        return ExitCode.SUCCESS.number();
      }
      try {
        run.run(chosen(), configuration, file(), force ? Rerun.ALWAYS : Rerun.SKIP_UNCHANGED);
      } finally {
        log = run.log().orElse(null);
      }
      return ExitCode.SUCCESS.number();
    }

    /**
     * The configuration. Where it has an error and the options alone say which run this is, the
     * error stands in the run's status too: a driver on a cluster has no exit code that a scheduler
     * could see.
     */
    private ResolvedConfig<PipelineConfig> readable(JobRun run) {
      try {
        return configuration();
      } catch (InvalidInput unreadable) {
        if (!dryRun) {
          whereabouts().ifPresent(place -> run.refuse(place, unreadable));
        }
        throw unreadable;
      }
    }

    /** The job, or what advises on it. */
    private Job chosen() {
      OptionSpec advise = java.util.Objects.requireNonNull(spec).findOption(ADVISE);
      boolean asked = advise != null && Boolean.TRUE.equals(advise.getValue());
      return asked ? job.job().adviser().orElseThrow() : job.job();
    }
  }

  /** The command line of a command; its parameters are known only now, so it is built by hand. */
  private CommandLine line(Command command) {
    CommandLine line = new CommandLine(new RunCommand(command));
    List<String> parameters = command.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      line.getCommandSpec().addPositional(positional(i, parameters.get(i)));
    }
    return line;
  }

  private static PositionalParamSpec positional(int index, String parameter) {
    PositionalParamSpec.Builder positional =
        PositionalParamSpec.builder().type(List.class).auxiliaryTypes(String.class).required(true);
    return parameter.endsWith(REPEATED)
        ? positional
            .index(index + "..*")
            .arity("1..*")
            .paramLabel(parameter.substring(0, parameter.length() - REPEATED.length()))
            .build()
        : positional.index(Integer.toString(index)).arity("1").paramLabel(parameter).build();
  }

  private final class RunCommand extends Base {
    private final Command command;

    @CommandLine.Spec private @Nullable CommandSpec spec;

    RunCommand(Command command) {
      this.command = command;
    }

    @Override
    public Integer call() {
      CommandSpec own = java.util.Objects.requireNonNull(spec);
      List<String> arguments =
          own.positionalParameters().stream()
              .flatMap(parameter -> parameter.<List<String>>getValue().stream())
              .toList();
      print(command.run(arguments));
      return ExitCode.SUCCESS.number();
    }
  }
}
