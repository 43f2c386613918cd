package sluice.pretrained;

import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.network.Inference;
import sluice.network.Network;
import sluice.network.compiled.SharedParameters;

/** The networks of this process that encode by the weights of one folder. */
final class EncoderNetworks {
  private record Key(Path folder, Pooling pooling) {}

  private static final Logger LOG = LoggerFactory.getLogger(EncoderNetworks.class);

  /** By folder and pooling; they stay as long as the process. */
  private static final Map<Key, EncoderNetworks> LOADED = new ConcurrentHashMap<>();

  private final String digest;
  private final BertSizes sizes;
  private final ComputationGraphConfiguration configuration;
  private final SharedParameters parameters;

  /** Networks that no thread uses now; as many were made as threads have encoded at a time. */
  private final Queue<Inference> idle = new ConcurrentLinkedQueue<>();

  private EncoderNetworks(
      String digest,
      BertSizes sizes,
      ComputationGraphConfiguration configuration,
      SharedParameters parameters) {
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
    LOG.info("{}: {}, pooling {}", folder, encoder.sizes(), pooling);
    return new EncoderNetworks(
        new BertFolder(folder).digest(),
        encoder.sizes(),
        network.getConfiguration(),
        new SharedParameters(network.params()));
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
