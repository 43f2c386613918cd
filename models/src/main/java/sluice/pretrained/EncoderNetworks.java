package sluice.pretrained;

import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Inference;
import sluice.network.Network;

/** The networks of this process that encode by the weights of one folder. */
final class EncoderNetworks {
  private record Key(Path folder, Pooling pooling) {}

  /** By folder and pooling; they stay as long as the process. */
  private static final Map<Key, EncoderNetworks> LOADED = new ConcurrentHashMap<>();

  private final String digest;
  private final BertSizes sizes;
  private final ComputationGraphConfiguration configuration;
  private final float[] parameters;

  /** Networks that no thread uses now; as many were made as threads have encoded at a time. */
  private final Queue<Inference> idle = new ConcurrentLinkedQueue<>();

  private EncoderNetworks(
      String digest,
      BertSizes sizes,
      ComputationGraphConfiguration configuration,
      float[] parameters) {
    this.digest = digest;
    this.sizes = sizes;
    this.configuration = configuration;
    this.parameters = parameters;
  }

  /**
   * Those of a folder, whose files are read the first time.
   *
   * @throws InvalidInput (data) as {@link BertEncoder#read} does
   */
  static EncoderNetworks of(Path folder, Pooling pooling) {
    return LOADED.computeIfAbsent(new Key(folder, pooling), key -> read(folder, pooling));
  }

  private static EncoderNetworks read(Path folder, Pooling pooling) {
    BertEncoder encoder = BertEncoder.read(folder);
    ComputationGraph network = encoder.network(pooling);
    float[] parameters = FloatArrays.copy(network.params());
    network.close();
    return new EncoderNetworks(
        new BertFolder(folder).digest(), encoder.sizes(), network.getConfiguration(), parameters);
  }

  /** The SHA-256 of the file that the weights were read from. */
  String digest() {
    return digest;
  }

  BertSizes sizes() {
    return sizes;
  }

  /** Has a network of this thread's own at work. */
  void use(Consumer<Inference> work) {
    Inference taken = idle.poll();
    Inference inference = taken == null ? Network.of(configuration).inference(parameters) : taken;
    try {
      work.accept(inference);
    } finally {
      idle.add(inference);
    }
  }
}
