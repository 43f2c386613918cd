package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.jspecify.annotations.Nullable;

/**
 * A {@link GradientNormalization} of the gradients of a layer, or of one of its arrays. Running
 * statistics have none.
 */
final class GradientLimit {
  /** What a norm of zero is taken for. */
  private static final double NO_NORM = 1e-5;

  /** Gradients that lie one behind the other, from one to before another. */
  private record Run(int from, int to) {
    /** As few as there can be, so that a norm is summed in the same order however many arrays. */
    static List<Run> of(List<ParamState> parts) {
      List<Run> runs = new ArrayList<>();
      for (ParamState part : parts) {
        Run next = new Run(part.getParamOffsetStart(), part.getParamOffsetEnd());
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).to() == next.from()) {
          next = new Run(runs.remove(last).from(), next.to());
        }
        runs.add(next);
      }
      return runs;
    }
  }

  private final Block gradients;
  private final ParameterRanges ranges;
  private final List<Run> runs;
  private final GradientNormalization kind;
  private final double threshold;
  private final float[] g = new float[Loops.CHUNK];

  private GradientLimit(
      ReferenceNetwork network, List<Run> runs, GradientNormalization kind, double threshold) {
    gradients = requireNonNull(network.gradients(), "it only predicts");
    ranges = network.ranges();
    this.runs = runs;
    this.kind = kind;
    this.threshold = threshold;
  }

  /** The limits of all layers that have one. */
  static List<GradientLimit> of(ReferenceNetwork network) {
    BaseMultiLayerUpdater<?> updater = requireNonNull(network.updater(), "it only predicts");
    Map<Trainable, List<ParamState>> layers = new LinkedHashMap<>();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      for (ParamState part : block.getLayersAndVariablesInBlock()) {
        if (Updates.isGradient(part)) {
          layers.computeIfAbsent(part.getLayer(), layer -> new ArrayList<>()).add(part);
        }
      }
    }
    List<GradientLimit> limits = new ArrayList<>();
    layers.forEach((layer, parts) -> add(limits, layer, parts, network));
    return limits;
  }

  private static void add(
      List<GradientLimit> limits,
      Trainable layer,
      List<ParamState> parts,
      ReferenceNetwork network) {
    @Nullable GradientNormalization kind = layer.getConfig().getGradientNormalization();
    if (kind == null || kind == GradientNormalization.None) {
      return;
    }
    double threshold = layer.getConfig().getGradientNormalizationThreshold();
    if (kind == GradientNormalization.RenormalizeL2PerParamType
        || kind == GradientNormalization.ClipL2PerParamType) {
      for (ParamState part : parts) {
        limits.add(new GradientLimit(network, Run.of(List.of(part)), kind, threshold));
      }
      return;
    }
    limits.add(new GradientLimit(network, Run.of(parts), kind, threshold));
  }

  void apply() {
    switch (kind) {
      case ClipElementWiseAbsoluteValue -> cut((float) threshold);
      case ClipL2PerLayer, ClipL2PerParamType -> {
        double norm = norm();
        if (norm > threshold) {
          scale((float) (threshold / norm));
        }
      }
      default -> {
        double norm = norm();
        scale((float) (1 / (norm == 0 ? NO_NORM : norm)));
      }
    }
  }

  private void forEach(ParameterRanges.Range range) {
    for (Run run : runs) {
      ranges.forEach(run.from(), run.to(), range);
    }
  }

  private double norm() {
    double[] squares = {0};
    forEach(
        (at, count) -> {
          gradients.read(at, g, count);
          squares[0] += Loops.dot(g, 0, g, 0, count);
        });
    return Math.sqrt(squares[0]);
  }

  private void scale(float factor) {
    forEach(
        (at, count) -> {
          gradients.read(at, g, count);
          Loops.scale(g, count, factor);
          gradients.write(at, g, count);
        });
  }

  private void cut(float most) {
    forEach(
        (at, count) -> {
          gradients.read(at, g, count);
          for (int i = 0; i < count; i++) {
            g[i] = Math.min(Math.max(g[i], -most), most);
          }
          gradients.write(at, g, count);
        });
  }
}
