package sluice.bundle;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bundle on its way to executors. It travels as its files: what reads them there is what reads
 * them everywhere. In a broadcast a process reads them once, for all of its tasks, and the driver's
 * own tasks take the bundle itself: it may hold as many categories and parameters as memory bears.
 */
public final class SentBundle implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private transient ModelBundle bundle;

  /**
   * @param bundle that is read again where it arrives
   */
  public SentBundle(ModelBundle bundle) {
    this.bundle = bundle;
  }

  /** The bundle, the same for all who ask. */
  public ModelBundle bundle() {
    return bundle;
  }

  @Serial
  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeObject(new TreeMap<>(bundle.files()));
  }

  @Serial
  @SuppressWarnings("unchecked")
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    bundle = ModelBundle.of((Map<String, byte[]>) in.readObject());
  }
}
