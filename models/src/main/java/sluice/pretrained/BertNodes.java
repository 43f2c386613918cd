package sluice.pretrained;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Optional;

/** What the nodes of a BERT encoder's graph tell, of which its tensors say nothing. */
final class BertNodes {
  private static final int MOST_HEADS = 1 << 16;

  private final OnnxGraph graph;

  BertNodes(OnnxGraph graph) {
    this.graph = graph;
  }

  /** The values by which something is multiplied whose product this bias is added to. */
  List<String> matrices(String bias) {
    return graph.readers(bias, "Add").stream()
        .flatMap(add -> OnnxGraph.others(add, bias).stream())
        .flatMap(product -> graph.producer(product, "MatMul").stream())
        .filter(product -> product.getInputCount() == 2)
        .map(product -> product.getInput(1))
        .toList();
  }

  /** The heads in the shape that queries get, [..., heads, width of a head]. */
  Optional<Integer> heads(String queryBias) {
    return graph.readers(queryBias, "Add").stream()
        .flatMap(add -> add.getOutputList().stream())
        .flatMap(queries -> graph.readers(queries, "Reshape").stream())
        .filter(node -> node.getInputCount() == 2)
        .flatMap(node -> headsOf(node.getInput(1)).stream())
        .findFirst();
  }

  private Optional<Integer> headsOf(String shape) {
    Optional<Long> whole = integers(shape, 4).map(all -> all[2]);
    Optional<Long> part =
        graph
            .producer(shape, "Concat")
            .filter(node -> node.getInputCount() == 4)
            .flatMap(node -> integers(node.getInput(2), 1))
            .map(one -> one[0]);
    return whole
        .or(() -> part)
        .filter(count -> count > 0 && count < MOST_HEADS)
        .map(Long::intValue);
  }

  private Optional<long[]> integers(String value, int count) {
    return graph
        .constant(value)
        .map(OnnxTensor::integers)
        .filter(integers -> integers.length == count);
  }

  /** What the norm of this name adds to variances: its node knows it, or the sum below the root. */
  Optional<Double> epsilon(String norm) {
    String gain = norm + ".weight";
    Optional<Double> ofNode =
        graph.readers(gain, "LayerNormalization").stream()
            .map(
                node ->
                    OnnxGraph.attribute(node, "epsilon").map(AttributeProto::getF).orElse(1e-5f))
            .map(BertNodes::decimal)
            .findFirst();
    return ofNode.or(
        () ->
            graph.readers(gain, "Mul").stream()
                .flatMap(node -> OnnxGraph.others(node, gain).stream())
                .flatMap(value -> graph.producer(value, "Div").stream())
                .filter(node -> node.getInputCount() == 2)
                .flatMap(node -> graph.producer(node.getInput(1), "Sqrt").stream())
                .flatMap(node -> node.getInputList().stream())
                .flatMap(value -> graph.producer(value, "Add").stream())
                .flatMap(node -> node.getInputList().stream())
                .flatMap(value -> graph.constant(value).stream())
                .filter(tensor -> tensor.floats().length == 1)
                .map(tensor -> decimal(tensor.floats()[0]))
                .findFirst());
  }

  /** The shortest decimal that is this float: 1e-12 for the float that is nearest to it. */
  private static double decimal(float number) {
    return Double.parseDouble(Float.toString(number));
  }

  /** How often it computes GELU by the error function. */
  long exactGelus() {
    return graph.nodes("Erf").size()
        + graph.nodes("Gelu").stream().filter(node -> !isByTangent(node)).count();
  }

  private static boolean isByTangent(NodeProto node) {
    return OnnxGraph.attribute(node, "approximate")
        .map(attribute -> attribute.getS().toStringUtf8().equals("tanh"))
        .orElse(false);
  }
}
