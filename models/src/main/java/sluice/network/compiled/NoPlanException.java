package sluice.network.compiled;

/**
 * A network has something that cannot be an operation among others, not even one that
 * Deeplearning4j computes: the message names it.
 */
public final class NoPlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoPlanException(String what) {
    super(what);
  }
}
