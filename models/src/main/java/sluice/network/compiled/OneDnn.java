package sluice.network.compiled;

import org.bytedeco.dnnl.engine;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** oneDNN on the processors of this process, and how many threads it takes. */
final class OneDnn {
  private final NativeOps openMp = NativeOpsHolder.getInstance().getDeviceNativeOps();
  private final boolean oneThread = MatrixProducts.oneThread();
  private final engine processor = new engine(engine.kind.cpu, 0);

  engine engine() {
    return processor;
  }

  int threads() {
    return oneThread ? 1 : openMp.ompGetMaxThreads();
  }

  /** Before anything is made or computed: OpenMP has a limit for each thread that calls it. */
  void limitThreads() {
    if (oneThread) {
      // The two libraries share OpenMP.
      openMp.setOmpNumThreads(1);
    }
  }
}
