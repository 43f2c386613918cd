package sluice.jobs;

import java.util.List;

/** Every job and inquiry there is, by the command that runs it, in the order of the help. */
public final class Jobs {

  /** A command and its job. */
  public record Named<T>(String command, T job) {}

  /** What is done with a configuration. */
  public static final List<Named<Job>> ALL = List.of();

  /** What is asked without one. */
  public static final List<Named<Inquiry>> INQUIRIES = List.of();

  private Jobs() {}
}
