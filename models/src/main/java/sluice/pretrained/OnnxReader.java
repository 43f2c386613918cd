package sluice.pretrained;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;

/**
 * Reads the graph of an ONNX file, which anybody may have written. The file is read as a stream:
 * its tensors become arrays one by one, and what is not asked for is passed over. Bounded are the
 * bytes of the file (a quarter of the heap and {@value #MOST_BYTES}), tensors, axes of a tensor,
 * nodes and their bytes, as objects take more memory than what they are read from.
 */
final class OnnxReader {
  static final long MOST_BYTES = 1L << 30;
  static final int MOST_TENSORS = 10_000;
  static final int MOST_AXES = 8;
  static final int MOST_NODES = 100_000;
  static final int MOST_NODE_BYTES = 1 << 23;

  /** Whole numbers of a tensor that are kept: shapes and the like. */
  private static final int MOST_INTEGERS = 64;

  private final String where;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> tensors = new HashMap<>();
  private int nodeBytes;

  private OnnxReader(String where) {
    this.where = where;
  }

  /**
   * The graph of a file.
   *
   * @throws InvalidInput (data) if it cannot be read, is no ONNX file or breaks a bound
   */
  static OnnxGraph read(Path file) {
    OnnxReader reader = new OnnxReader(file.toString());
    try {
      ForeignFile.requireInFolder(file);
      long most = Math.min(MOST_BYTES, ForeignFile.mostNumbers() / 2);
      ForeignFile.requireSize(Files.size(file), most, file.toString());
      try (InputStream stream = Files.newInputStream(file)) {
        CodedInputStream in = CodedInputStream.newInstance(stream, 1 << 16);
        in.setSizeLimit(Math.toIntExact(most));
        reader.readModel(in);
      }
    } catch (InvalidProtocolBufferException e) {
      throw InvalidInput.data("%s: is no ONNX file: %s".formatted(file, e.getMessage()));
    } catch (IOException e) {
      throw InvalidInput.data("%s: cannot be read: %s".formatted(file, e));
    }
    return new OnnxGraph(reader.nodes, reader.tensors);
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw InvalidInput.data("%s: %s".formatted(where, rule));
    }
  }

  private void readModel(CodedInputStream in) throws IOException {
    boolean found = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tag(ModelProto.GRAPH_FIELD_NUMBER)) {
        require(!found, "must have one graph, has several");
        found = true;
        int before = in.pushLimit(in.readRawVarint32());
        readGraph(in);
        in.popLimit(before);
      } else {
        in.skipField(tag);
      }
    }
    require(found, "is no ONNX file: it has no graph");
  }

  /** The tag of a field that has a length. */
  private static int tag(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private void readGraph(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tag(GraphProto.NODE_FIELD_NUMBER)) {
        readNode(in);
      } else if (tag == tag(GraphProto.INITIALIZER_FIELD_NUMBER)) {
        require(
            tensors.size() < MOST_TENSORS,
            "must have at most %,d tensors, has more".formatted(MOST_TENSORS));
        int before = in.pushLimit(in.readRawVarint32());
        readTensor(in);
        in.popLimit(before);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void readNode(CodedInputStream in) throws IOException {
    int length = in.readRawVarint32();
    require(
        nodes.size() < MOST_NODES && length >= 0 && length <= MOST_NODE_BYTES - nodeBytes,
        "must have at most %,d nodes of %,d bytes in all, has more"
            .formatted(MOST_NODES, MOST_NODE_BYTES));
    nodeBytes += length;
    int before = in.pushLimit(length);
    nodes.add(NodeProto.parser().parseFrom(in, ExtensionRegistryLite.getEmptyRegistry()));
    in.popLimit(before);
  }

  private void readTensor(CodedInputStream in) throws IOException {
    String name = "";
    int type = 0;
    List<Long> shape = new ArrayList<>();
    byte[] bytes = {};
    float[] floats = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case TensorProto.NAME_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            name = in.readString();
        case TensorProto.DATA_TYPE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT ->
            type = in.readInt32();
        case TensorProto.DIMS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT ->
            addAxis(shape, in.readInt64());
        case TensorProto.RAW_DATA_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            bytes = in.readByteArray();
        case TensorProto.FLOAT_DATA_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            floats = floats(in.readByteArray());
        case TensorProto.DATA_LOCATION_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT ->
            require(
                in.readEnum() == TensorProto.DataLocation.DEFAULT_VALUE,
                "must hold its tensors itself, has tensor %s in another file".formatted(name));
        default -> in.skipField(tag);
      }
    }
    long[] axes = shape.stream().mapToLong(Long::longValue).toArray();
    OnnxTensor tensor = new OnnxTensor(type, axes, floats, new long[0]);
    if (tensor.isFloat() && bytes.length > 0) {
      tensor = new OnnxTensor(type, axes, floats(bytes), new long[0]);
    } else if (type == TensorProto.DataType.INT64_VALUE) {
      tensor = new OnnxTensor(type, axes, new float[0], integers(bytes));
    }
    requireCount(name, tensor);
    require(
        tensors.put(name, tensor) == null, "must have one tensor %s, has several".formatted(name));
  }

  private void addAxis(List<Long> shape, long length) {
    require(
        shape.size() < MOST_AXES && length >= 0 && length <= Integer.MAX_VALUE,
        "a tensor must have at most %d axes, none of them longer than %,d, has one of %,d"
            .formatted(MOST_AXES, Integer.MAX_VALUE, length));
    shape.add(length);
  }

  /** That there are as many floats as the shape says. */
  private void requireCount(String name, OnnxTensor tensor) {
    double count = Arrays.stream(tensor.shape()).asDoubleStream().reduce(1, (a, b) -> a * b);
    require(
        !tensor.isFloat() || count == tensor.floats().length,
        "tensor %s must have as many numbers as its shape says, as %s, has %,d"
            .formatted(name, tensor, tensor.floats().length));
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  /** Few whole numbers. */
  private static long[] integers(byte[] bytes) {
    long[] integers = new long[Math.min(MOST_INTEGERS, bytes.length / Long.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(integers);
    return integers;
  }

  /** The tensor within a node, which is small. */
  static OnnxTensor tensor(TensorProto from) {
    byte[] raw = from.getRawData().toByteArray();
    boolean isFloat = from.getDataType() == TensorProto.DataType.FLOAT_VALUE;
    boolean isInteger = from.getDataType() == TensorProto.DataType.INT64_VALUE;
    float[] floats = raw.length > 0 ? floats(raw) : new float[from.getFloatDataCount()];
    long[] integers = raw.length > 0 ? integers(raw) : new long[from.getInt64DataCount()];
    for (int i = 0; raw.length == 0 && i < floats.length; i++) {
      floats[i] = from.getFloatData(i);
    }
    for (int i = 0; raw.length == 0 && i < integers.length; i++) {
      integers[i] = from.getInt64Data(i);
    }
    return new OnnxTensor(
        from.getDataType(),
        from.getDimsList().stream().mapToLong(Long::longValue).toArray(),
        isFloat ? floats : new float[0],
        isInteger ? integers : new long[0]);
  }
}
