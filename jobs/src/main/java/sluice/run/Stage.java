package sluice.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A kind of output of a run and its place in the run directory.
 *
 * <p>Two stages are by-products: what ingest could not read is published with {@link #RAW}, what
 * clean turned away with {@link #CLEAN}. They share the attempt of their leader, and the leader's
 * pointer decides for both, so that no reader can pair one attempt's rows with another's rejects.
 */
public enum Stage {
  RAW("ingest"),
  QUARANTINE(RAW),
  CLEAN("clean"),
  REJECTS(CLEAN),
  SPLIT("split"),
  FEATURES("normalise"),
  AUGMENTED("augment"),
  MODEL("train"),
  METRICS("evaluate"),
  PREDICTIONS("predict"),
  EXPLANATIONS("explain"),
  CHECKPOINTS("train");

  private final String command;
  private final Stage leader;

  Stage(String command) {
    this.command = command;
    this.leader = this;
  }

  Stage(Stage leader) {
    this.command = leader.command;
    this.leader = leader;
  }

  /** The name of its directory, as in {@code raw}. */
  @JsonValue
  public String directory() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The command that makes it, as in {@code ingest}. */
  public String command() {
    return command;
  }

  /** The stage whose pointer decides which attempt of this stage is current; often itself. */
  public Stage leader() {
    return leader;
  }

  /**
   * Whether published attempts stay until the run is pruned: no later stage is made of predictions,
   * so each is a result of its own, whose path somebody was given.
   */
  boolean staysUntilPruned() {
    return this == PREDICTIONS;
  }

  /** The stages that are published together with this one, the leader first. */
  public List<Stage> group() {
    return Arrays.stream(values()).filter(stage -> stage.leader == leader).toList();
  }
}
