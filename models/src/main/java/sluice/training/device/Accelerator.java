package sluice.training.device;

import java.io.Serializable;

/**
 * The kind of GPU that arrays can be kept on, as one process can use it. {@link Cuda} is the one
 * there is; another tells what would be done with GPUs where there are none.
 */
public interface Accelerator extends Serializable {

  /** Whether the class path holds the build of the native libraries for it. */
  boolean built();

  /** Whether the arrays of this process are kept on it; loads the native libraries. */
  boolean loaded();

  /** What this process computes with, for messages; loads the native libraries. */
  String backend();

  /**
   * Has all arrays that the calling thread makes from now on kept on one GPU.
   *
   * @param index of the GPU among those of the machine, from 0
   */
  void bind(int index);
}
