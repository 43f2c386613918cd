package sluice.network;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.SparseReplica;

/**
 * Makes replicas of a network, in this process or another: what takes the least time to train it.
 * Their weights do not matter.
 */
public final class Replicas implements Supplier<Replica>, Serializable {
  private static final long serialVersionUID = 1L;

  /** Null if it is a graph. */
  private final @Nullable MultiLayerConfiguration layers;

  /** Null if the layers lie one behind the other. */
  private final @Nullable ComputationGraphConfiguration graph;

  private final boolean compiled;
  private final RowTables frozen;

  private Replicas(
      @Nullable MultiLayerConfiguration layers,
      @Nullable ComputationGraphConfiguration graph,
      boolean compiled,
      RowTables frozen) {
    this.layers = layers;
    this.graph = graph;
    this.compiled = compiled;
    this.frozen = frozen;
  }

  static Replicas of(MultiLayerConfiguration configuration, RowTables frozen) {
    return new Replicas(configuration, null, true, frozen);
  }

  static Replicas of(ComputationGraphConfiguration configuration, RowTables frozen) {
    return new Replicas(null, configuration, true, frozen);
  }

  /** Those that Deeplearning4j computes. */
  public Replicas uncompiled() {
    return new Replicas(layers, graph, false, frozen);
  }

  /**
   * The large tables of which they hold only rows that they have read; or else, the parameters that
   * are frozen.
   */
  public RowTables tables() {
    return isCompiled() ? sparse().map(SparseReplica::tables).orElse(frozen) : frozen;
  }

  @Override
  public Replica get() {
    if (isCompiled()) {
      Optional<SparseReplica> sparse = sparse();
      if (sparse.isPresent()) {
        return sparse.get();
      }
      Optional<CompiledNetwork> whole =
          layers == null
              ? CompiledNetwork.training(graph(), MatrixProducts.ofThisProcess())
              : CompiledNetwork.training(layers, MatrixProducts.ofThisProcess());
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    return layers == null
        ? Network.of(ExampleWeightedOutputLayer.in(graph()))
        : Network.of(ExampleWeightedOutputLayer.in(layers));
  }

  private boolean isCompiled() {
    return Natives.load().cpu() && compiled;
  }

  private Optional<SparseReplica> sparse() {
    return layers == null
        ? SparseReplica.of(graph(), MatrixProducts.ofThisProcess())
        : SparseReplica.of(layers, MatrixProducts.ofThisProcess());
  }

  private ComputationGraphConfiguration graph() {
    return Objects.requireNonNull(graph, "a configuration");
  }
}
