package org.nd4j.nativeblas;

/**
 * Where Deeplearning4j's {@code BaseMKLDNNHelper} looks, by reflection, for the bindings of the
 * native library: their place before they moved to another package. Without this class it finds
 * nothing, and convolutions go a way that is several times slower.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** The native library's settings, as far as they are asked for. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    /** The only one, looked up by name. */
    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Whether convolutions, pooling and batch normalisation may call the native library whole. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
