package sluice.bundle;

import java.io.Serial;
import java.io.Serializable;
import java.util.TreeMap;
import sluice.evaluation.predictions.Model;

/**
 * A bundle on its way to executors. It travels as its files: what reads them there is what reads
 * them everywhere. In a broadcast a process reads them once, for all of its tasks, and the driver's
 * own tasks take the bundle itself: it may hold as many categories and parameters as memory bears.
 *
 * @param bundle the same for all who ask
 */
public record SentBundle(ModelBundle bundle) implements Serializable {
  /** Its network, for judging and explaining. */
  public Model model() {
    return new BundleModel(this);
  }

  /** What travels. */
  private record Files(TreeMap<String, byte[]> files) implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @Serial
    private Object readResolve() {
      return new SentBundle(ModelBundle.of(files));
    }
  }

  @Serial
  private Object writeReplace() {
    return new Files(new TreeMap<>(bundle.files()));
  }
}
