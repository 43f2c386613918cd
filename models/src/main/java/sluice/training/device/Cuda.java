package sluice.training.device;

import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;
import sluice.network.Natives;

/**
 * GPUs by the CUDA build of ND4J. It is called through what ND4J has for every backend, so that
 * this compiles, and runs, without that build: in it a thread's GPU is the CUDA runtime's current
 * device of the thread, and {@link AffinityManager#unsafeSetDevice} sets that.
 */
public record Cuda() implements Accelerator {
  private static final boolean BUILT =
      Cuda.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;

  @Override
  public boolean built() {
    return BUILT;
  }

  @Override
  public boolean loaded() {
    return !Natives.load().cpu();
  }

  @Override
  public String backend() {
    return Natives.load().backend();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInput (configuration) if the machine has no GPU of this index
   */
  @Override
  public void bind(int index) {
    AffinityManager affinity = Nd4j.getAffinityManager();
    int there = affinity.getNumberOfDevices();
    if (index >= there) {
      throw InvalidInput.configuration(
          "the index of a GPU must be below the %d that ND4J sees, got %d: the discovery script must report what CUDA counts from 0, in the order of CUDA_DEVICE_ORDER=PCI_BUS_ID"
              .formatted(there, index));
    }
    affinity.unsafeSetDevice(index);
  }
}
