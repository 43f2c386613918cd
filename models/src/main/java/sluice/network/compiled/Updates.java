package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import sluice.network.RestartedUpdater;
import sluice.network.RunningStatistics;
import sluice.network.layers.LowRankLayer;

/**
 * What makes of gradients a change of the parameters, in the order of Deeplearning4j: the mean over
 * the examples, the limits of each layer's gradient, L1 and L2, the updater of each block, weight
 * decay. Blocks whose updater or penalty has no kernel are left to Deeplearning4j. Of large tables
 * only the rows that a step has read are looked at: see {@link ParameterRanges}.
 */
final class Updates {
  private final ReferenceNetwork network;
  private final BaseMultiLayerUpdater<?> updater;
  private final Block parameters;
  private final Block gradients;
  private final @Nullable Block state;
  private final List<GradientLimit> limits;
  private final ParameterRanges ranges;

  /** Of each block its updater's kernel; null where Deeplearning4j computes it. */
  private final List<@Nullable UpdateRule> rules = new ArrayList<>();

  private int start;
  private final float[] p = new float[Loops.CHUNK];
  private final float[] g = new float[Loops.CHUNK];

  Updates(ReferenceNetwork network) {
    this.network = network;
    updater = requireNonNull(network.updater(), "it only predicts");
    parameters = network.parameters();
    gradients = requireNonNull(network.gradients(), "it only predicts");
    state = network.state();
    limits = GradientLimit.of(network);
    ranges = network.ranges();
    List<UpdaterBlock> blocks = updater.getUpdaterBlocks();
    for (UpdaterBlock block : blocks) {
      IUpdater rule = block.getGradientUpdater().getConfig();
      boolean known =
          block.getLayersAndVariablesInBlock().stream()
              .allMatch(part -> penalties(part).stream().allMatch(Updates::isKnown));
      rules.add(known ? UpdateRule.of(rule) : null);
    }
  }

  private static boolean isKnown(Regularization penalty) {
    return penalty instanceof L1Regularization
        || penalty instanceof L2Regularization
        || penalty instanceof WeightDecay;
  }

  private static List<Regularization> penalties(UpdaterBlock.ParamState part) {
    @Nullable List<Regularization> penalties =
        part.getLayer().getConfig().getRegularizationByParam(part.getParamName());
    return penalties == null ? List.of() : penalties;
  }

  /** The updater's state in Deeplearning4j's layout; null if it has none. */
  @Nullable INDArray state() {
    return updater.getStateViewArray();
  }

  /**
   * Whether of the large table that begins at a parameter steps change the rows alone they read.
   */
  boolean changesOnlyRowsRead(int table) {
    List<UpdaterBlock> blocks = updater.getUpdaterBlocks();
    for (int i = 0; i < blocks.size(); i++) {
      UpdaterBlock block = blocks.get(i);
      if (block.getParamOffsetStart() <= table && table < block.getParamOffsetEnd()) {
        return rules.get(i) != null;
      }
    }
    return true;
  }

  /** Sets at which iteration the updaters' state began as zeros. */
  void setStart(int iteration) {
    start = iteration;
    RestartedUpdater.set(updater, iteration);
  }

  void apply(int examples, int iteration, int epoch) {
    boolean divided = limits.isEmpty() && rules.stream().allMatch(rule -> rule != null);
    if (!divided) {
      divide(examples);
      limits.forEach(GradientLimit::apply);
    }
    List<UpdaterBlock> blocks = updater.getUpdaterBlocks();
    for (int i = 0; i < blocks.size(); i++) {
      UpdaterBlock block = blocks.get(i);
      UpdateRule rule = rules.get(i);
      if (block.skipDueToPretrainConfig(false)) {
        continue;
      }
      if (rule == null) {
        block.update(iteration, epoch);
        subtract(block.getParamOffsetStart(), block.getParamOffsetEnd());
        ranges
            .tables(block.getParamOffsetStart(), block.getParamOffsetEnd())
            .forEach(TouchedRows::overwritten);
        continue;
      }
      rule.begin(iteration, epoch, iteration - start);
      for (UpdaterBlock.ParamState part : block.getLayersAndVariablesInBlock()) {
        if (isFrozen(part)) {
          continue;
        }
        boolean divides = divided && network.minibatch() && isGradient(part);
        update(block, part, rule, divides ? 1f / examples : 1, iteration, epoch);
      }
    }
    network.applyConstraints(iteration, epoch);
  }

  /** Whether nothing changes it: its gradient is zero, and its updater none. */
  private static boolean isFrozen(UpdaterBlock.ParamState part) {
    return part.getLayer() instanceof FrozenLayer
        || LowRankLayer.isBase(part.getLayer(), part.getParamName());
  }

  /** Running statistics are no gradients: they are neither divided nor limited. */
  static boolean isGradient(UpdaterBlock.ParamState part) {
    return RunningStatistics.isGradient(part.getLayer(), part.getParamName());
  }

  private void divide(int examples) {
    if (!network.minibatch()) {
      return;
    }
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      for (UpdaterBlock.ParamState part : block.getLayersAndVariablesInBlock()) {
        if (isGradient(part)) {
          ranges.forEach(
              part.getParamOffsetStart(),
              part.getParamOffsetEnd(),
              (at, count) -> {
                gradients.read(at, g, count);
                Loops.scale(g, count, 1f / examples);
                gradients.write(at, g, count);
              });
        }
      }
    }
  }

  private void subtract(int from, int to) {
    for (int at = from; at < to; at += p.length) {
      int count = Math.min(p.length, to - at);
      gradients.read(at, g, count);
      parameters.read(at, p, count);
      subtract(p, g, count);
      parameters.write(at, p, count);
    }
  }

  private static void subtract(float[] p, float[] g, int count) {
    for (int i = 0; i < count; i++) {
      p[i] -= g[i];
    }
  }

  private void update(
      UpdaterBlock block,
      UpdaterBlock.ParamState part,
      UpdateRule rule,
      float scale,
      int iteration,
      int epoch) {
    double l1 = 0;
    double l2 = 0;
    double decay = 0;
    for (Regularization penalty : penalties(part)) {
      if (penalty instanceof L1Regularization one) {
        l1 += one.getL1().valueAt(iteration, epoch);
      } else if (penalty instanceof L2Regularization two) {
        l2 += two.getL2().valueAt(iteration, epoch);
      } else if (penalty instanceof WeightDecay weight
          && weight.applyStep() == ApplyStep.POST_UPDATER) {
        double coefficient = weight.getCoeff().valueAt(iteration, epoch);
        decay += weight.isApplyLR() ? coefficient * rule.learningRate() : coefficient;
      }
    }
    float one = (float) l1;
    float two = (float) l2;
    float less = (float) decay;
    int size = block.getParamOffsetEnd() - block.getParamOffsetStart();
    int shift = block.getUpdaterViewOffsetStart() - block.getParamOffsetStart();
    ranges.forEach(
        part.getParamOffsetStart(),
        part.getParamOffsetEnd(),
        (at, count) -> {
          gradients.read(at, g, count);
          parameters.read(at, p, count);
          regularise(p, g, count, scale, one, two);
          rule.apply(g, count, state, at + shift, size);
          change(p, g, count, less);
          parameters.write(at, p, count);
        });
  }

  private static void regularise(float[] p, float[] g, int count, float scale, float l1, float l2) {
    if (l1 == 0) {
      for (int i = 0; i < count; i++) {
        g[i] = g[i] * scale + l2 * p[i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      g[i] = g[i] * scale + l2 * p[i] + l1 * Math.signum(p[i]);
    }
  }

  private static void change(float[] p, float[] g, int count, float decay) {
    for (int i = 0; i < count; i++) {
      p[i] -= g[i] + decay * p[i];
    }
  }
}
