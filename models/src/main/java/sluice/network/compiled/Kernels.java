package sluice.network.compiled;

import org.nd4j.linalg.activations.IActivation;

/** What has a kernel, for whoever must know before a network is compiled. */
public final class Kernels {
  private Kernels() {}

  public static boolean has(IActivation function) {
    return Activations.of(function).isPresent();
  }
}
