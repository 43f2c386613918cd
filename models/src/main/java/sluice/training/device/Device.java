package sluice.training.device;

/** What the steps are to be computed on. */
public enum Device {
  /** On GPUs if the program is built for them and Spark hands them out, else on CPUs. */
  AUTO,
  CPU,
  /** Without GPUs training is refused. */
  GPU
}
