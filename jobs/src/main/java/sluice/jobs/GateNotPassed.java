package sluice.jobs;

import java.util.ArrayList;
import java.util.List;

/** A result that was made as asked but is not good enough by a gate of the configuration. */
public final class GateNotPassed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> gates;

  /**
   * @param gates each gate that was not passed: what, rule, value
   */
  public GateNotPassed(List<String> gates) {
    super(String.join("\n", gates));
    this.gates = new ArrayList<>(gates);
  }

  /** Each gate that was not passed, one line of text. */
  public List<String> gates() {
    return List.copyOf(gates);
  }
}
