package sluice.pretrained;

import static java.util.Objects.requireNonNullElse;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The graph of an ONNX file: its nodes, and the tensors that they read. */
final class OnnxGraph {
  private final List<NodeProto> nodes;
  private final Map<String, OnnxTensor> tensors;
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<NodeProto>> readers = new HashMap<>();

  OnnxGraph(List<NodeProto> nodes, Map<String, OnnxTensor> tensors) {
    this.nodes = List.copyOf(nodes);
    this.tensors = Map.copyOf(tensors);
    for (NodeProto node : nodes) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      for (String input : node.getInputList()) {
        readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** The tensors of the file by their names. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  /** A tensor of the file. */
  Optional<OnnxTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** The nodes of an operator of ONNX itself, in the file's order. */
  List<NodeProto> nodes(String operator) {
    return nodes.stream().filter(node -> is(node, operator)).toList();
  }

  /** Whether a node is of this operator of ONNX itself. */
  static boolean is(NodeProto node, String operator) {
    return node.getOpType().equals(operator) && node.getDomain().isEmpty();
  }

  /** The node of an operator that gives a value. */
  Optional<NodeProto> producer(String value, String operator) {
    return Optional.ofNullable(producers.get(value)).filter(node -> is(node, operator));
  }

  /** The nodes of an operator that read a value. */
  List<NodeProto> readers(String value, String operator) {
    return requireNonNullElse(readers.get(value), List.<NodeProto>of()).stream()
        .filter(node -> is(node, operator))
        .toList();
  }

  /** The inputs of a node besides this one. */
  static List<String> others(NodeProto node, String input) {
    return node.getInputList().stream().filter(other -> !other.equals(input)).toList();
  }

  /** The attribute of a node. */
  static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst();
  }

  /** A value that is the same for all that the graph reads: a tensor of the file or of a node. */
  Optional<OnnxTensor> constant(String value) {
    return tensor(value)
        .or(
            () ->
                producer(value, "Constant")
                    .flatMap(node -> attribute(node, "value"))
                    .map(attribute -> OnnxReader.tensor(attribute.getT())));
  }
}
