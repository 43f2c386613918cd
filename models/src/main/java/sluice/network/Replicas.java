package sluice.network;

import java.io.Serializable;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.SparseReplica;

/**
 * Makes replicas of a network, in this process or another: what takes the least time to train it on
 * examples without masks over their features. Their weights do not matter.
 *
 * @param layers Deeplearning4j's configuration as JSON; null if it is a graph
 * @param graph likewise; null if the layers lie one behind the other
 */
public record Replicas(@Nullable String layers, @Nullable String graph)
    implements Supplier<Replica>, Serializable {

  static Replicas of(MultiLayerConfiguration configuration) {
    return new Replicas(configuration.toJson(), null);
  }

  static Replicas of(ComputationGraphConfiguration configuration) {
    return new Replicas(null, configuration.toJson());
  }

  /** The large tables of which they hold only rows that they have read. */
  public RowTables tables() {
    return Natives.load().cpu()
        ? sparse().map(SparseReplica::tables).orElse(RowTables.none())
        : RowTables.none();
  }

  @Override
  public Replica get() {
    if (Natives.load().cpu()) {
      Optional<SparseReplica> sparse = sparse();
      if (sparse.isPresent()) {
        return sparse.get();
      }
      Optional<CompiledNetwork> compiled =
          graph == null
              ? CompiledNetwork.training(readLayers(), MatrixProducts.ofThisProcess())
              : CompiledNetwork.training(readGraph(), MatrixProducts.ofThisProcess());
      if (compiled.isPresent()) {
        return compiled.get();
      }
    }
    return graph == null
        ? Network.of(ExampleWeightedOutputLayer.in(readLayers()))
        : Network.of(ExampleWeightedOutputLayer.in(readGraph()));
  }

  private Optional<SparseReplica> sparse() {
    return graph == null
        ? SparseReplica.of(readLayers(), MatrixProducts.ofThisProcess())
        : SparseReplica.of(readGraph(), MatrixProducts.ofThisProcess());
  }

  private MultiLayerConfiguration readLayers() {
    return MultiLayerConfiguration.fromJson(layers);
  }

  private ComputationGraphConfiguration readGraph() {
    return ComputationGraphConfiguration.fromJson(graph);
  }
}
