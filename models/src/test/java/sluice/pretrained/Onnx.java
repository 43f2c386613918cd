package sluice.pretrained;

import static java.util.Objects.requireNonNull;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import sluice.testing.WordPieceJson;

/** The small encoders that scripts/reference/bert.py has written, and changes to them. */
final class Onnx {
  private Onnx() {}

  static byte[] bytes(String name) {
    try (InputStream in = requireNonNull(Onnx.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with an encoder, below one that is there. */
  static Path folder(Path parent, byte[] model) {
    try {
      Path folder = Files.createTempDirectory(parent, "encoder");
      Files.write(folder.resolve(BertEncoder.MODEL), model);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder with a tokeniser beside the encoder, whose words are w5, w6 and so on. */
  static Path withTokens(Path folder, int tokens) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), WordPieceJson.ofNumbered(tokens));
    return folder;
  }

  /** {@code old.onnx}, changed. */
  static byte[] changed(Consumer<GraphProto.Builder> change) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(bytes("old.onnx")).toBuilder();
      change.accept(model.getGraphBuilder());
      return model.build().toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The position of a tensor of the file. */
  static int tensor(GraphProto.Builder graph, String name) {
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (graph.getInitializer(i).getName().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no tensor " + name);
  }

  static void remove(GraphProto.Builder graph, List<String> tensors) {
    tensors.forEach(name -> graph.removeInitializer(tensor(graph, name)));
  }
}
