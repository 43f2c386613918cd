package sluice.pretrained;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;

/**
 * A tensor that an ONNX file holds.
 *
 * @param type of its numbers, see {@link DataType}
 * @param shape of whole numbers from 0 on
 * @param floats its numbers in row order where they are single floats; else empty
 * @param integers its numbers where they are few whole ones; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OnnxTensor(int type, long[] shape, float[] floats, long[] integers) {
  boolean isFloat() {
    return type == DataType.FLOAT_VALUE;
  }

  boolean has(long... expected) {
    return isFloat() && Arrays.equals(shape, expected);
  }

  /** Its type and shape, for messages. */
  @Override
  public String toString() {
    DataType known = DataType.forNumber(type);
    return "%s of %s".formatted(known == null ? "type " + type : known, Arrays.toString(shape));
  }
}
