package sluice.network.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.network.Target;

/** Whether the output layers of a user's network predict the labels that there are. */
final class OutputFit {
  private static final List<Class<?>> OF_NUMBERS =
      List.of(LossMSE.class, LossMAE.class, LossL1.class, LossL2.class);

  /** What an output layer must be for a task. */
  private record Rule(Class<? extends IActivation> activation, List<Class<?>> losses) {
    static Rule of(Task task) {
      return switch (task) {
        case BINARY, MULTILABEL -> new Rule(ActivationSigmoid.class, with(LossBinaryXENT.class));
        case MULTICLASS ->
            new Rule(
                ActivationSoftmax.class, with(LossMCXENT.class, LossNegativeLogLikelihood.class));
        case REGRESSION -> new Rule(ActivationIdentity.class, OF_NUMBERS);
        case TAGS ->
            throw InvalidInput.configuration(
                "model must be auto or network for a label of tags, got a network of a file");
      };
    }

    private static List<Class<?>> with(Class<?>... losses) {
      List<Class<?>> all = new ArrayList<>(List.of(losses));
      all.addAll(OF_NUMBERS);
      return all;
    }
  }

  private OutputFit() {}

  /**
   * Why output layers cannot be matched to labels; nothing if they can. Layers with the names of
   * all labels are theirs in whatever order; others are in the order of the labels, and none may
   * have the name of a label that is not its own.
   */
  static Optional<String> misfit(List<String> outputs, List<String> labels) {
    if (outputs.size() != labels.size() || Set.copyOf(outputs).size() < outputs.size()) {
      return Optional.of(
          "the network must have %d output layers as there are labels, got %s"
              .formatted(labels.size(), outputs));
    }
    List<String> ordered = ordered(outputs, labels);
    for (int i = 0; i < labels.size(); i++) {
      if (!ordered.get(i).equals(labels.get(i)) && labels.contains(ordered.get(i))) {
        return Optional.of(
            "the output layers must have the names of all labels %s, or be in their order without the name of another label, got %s"
                .formatted(labels, outputs));
      }
    }
    return Optional.empty();
  }

  /** The output layers in the order of the labels, as {@link #misfit} says. */
  private static List<String> ordered(List<String> outputs, List<String> labels) {
    return Set.copyOf(outputs).equals(Set.copyOf(labels)) ? labels : outputs;
  }

  /**
   * Puts the output layers into the order of the labels.
   *
   * @return everything that does not fit, each with the layer, the rule and the value
   */
  static List<String> fit(ComputationGraphConfiguration graph, List<Target> targets) {
    List<String> labels = targets.stream().map(Target::name).toList();
    Optional<String> misfit = misfit(graph.getNetworkOutputs(), labels);
    if (misfit.isPresent()) {
      return List.of(misfit.get());
    }
    List<String> outputs = ordered(graph.getNetworkOutputs(), labels);
    graph.setNetworkOutputs(outputs);
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      check(outputs.get(i), graph.getVertices().get(outputs.get(i)), targets.get(i), problems);
    }
    return problems;
  }

  private static void check(
      String name, @Nullable GraphVertex vertex, Target target, List<String> problems) {
    String layer = "layer %s: ".formatted(name);
    String label = described(target);
    if (!(vertex instanceof LayerVertex of)
        || !(of.getLayerConf().getLayer() instanceof OutputLayer output)
        || output.getClass() != OutputLayer.class) {
      problems.add(
          "%smust be an OutputLayer to predict %s, got %s".formatted(layer, label, got(vertex)));
      return;
    }
    Rule rule = Rule.of(target.task());
    if (output.getNOut() != target.outputs()) {
      problems.add(
          "%snOut must be %d for %s, got %d"
              .formatted(layer, target.outputs(), label, output.getNOut()));
    }
    if (output.getActivationFn() == null
        || output.getActivationFn().getClass() != rule.activation()) {
      problems.add(
          "%sactivationFn must be %s for %s, got %s"
              .formatted(
                  layer,
                  rule.activation().getSimpleName(),
                  label,
                  named(output.getActivationFn())));
    }
    ILossFunction loss = output.getLossFn();
    if (loss == null || !rule.losses().contains(loss.getClass())) {
      problems.add(
          "%slossFn must be one of %s for %s, got %s"
              .formatted(
                  layer,
                  String.join(", ", rule.losses().stream().map(Class::getSimpleName).toList()),
                  label,
                  named(loss)));
      return;
    }
    INDArray weights = weights(loss);
    if (weights != null && weights.length() != target.outputs()) {
      problems.add(
          "%sthe weights of lossFn must be %d as there are outputs, got %d"
              .formatted(layer, target.outputs(), weights.length()));
    }
  }

  private static String described(Target target) {
    return switch (target.task()) {
      case BINARY ->
          "label %s of two classes (the positive one's probability)".formatted(target.name());
      case MULTICLASS -> "label %s of %d classes".formatted(target.name(), target.outputs());
      case REGRESSION -> "label %s, a number".formatted(target.name());
      case MULTILABEL ->
          "label %s of sets of %d names (the probability of each)"
              .formatted(target.name(), target.outputs());
      case TAGS -> "label %s of %d tags".formatted(target.name(), target.outputs());
    };
  }

  private static String got(@Nullable GraphVertex vertex) {
    return vertex instanceof LayerVertex of ? named(of.getLayerConf().getLayer()) : named(vertex);
  }

  private static String named(@Nullable Object value) {
    return value == null ? "none" : value.getClass().getSimpleName();
  }

  private static @Nullable INDArray weights(ILossFunction loss) {
    if (loss instanceof LossMCXENT classes) {
      return classes.getWeights();
    }
    if (loss instanceof LossBinaryXENT binary) {
      return binary.getWeights();
    }
    if (loss instanceof LossL2 squares) {
      return squares.getWeights();
    }
    return loss instanceof LossL1 absolute ? absolute.getWeights() : null;
  }
}
