import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.pretrained.BertEncoder;
import sluice.pretrained.Pooling;
import sluice.pretrained.SentenceEncoder;

/**
 * Encodes the texts of a trial: {@code Encode MODEL_DIRECTORY POOLING DIRECTORY}. Writes the vectors
 * as little-endian floats, together.bin of all texts at once, alone.bin of one at a time, and
 * deeplearning4j.bin of the first texts by Deeplearning4j's own layers, from a file that it has
 * written itself.
 */
public final class Encode {
  private static final int BY_DEEPLEARNING4J = 40;

  private Encode() {}

  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    Pooling pooling = Pooling.valueOf(args[1]);
    Path directory = Path.of(args[2]);
    List<int[]> tokens =
        Files.readAllLines(directory.resolve("tokens.txt")).stream()
            .map(line -> Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray())
            .toList();
    SentenceEncoder encoder = SentenceEncoder.load(model, pooling);
    encoder.encode(tokens.subList(0, tokens.size() / 5));
    long begun = System.nanoTime();
    write(directory.resolve("together.bin"), encoder.encode(tokens));
    double together = tokens.size() / ((System.nanoTime() - begun) / 1e9);
    begun = System.nanoTime();
    float[][] alone = new float[tokens.size()][];
    for (int i = 0; i < alone.length; i++) {
      alone[i] = encoder.encode(List.of(tokens.get(i)))[0];
    }
    double single = tokens.size() / ((System.nanoTime() - begun) / 1e9);
    write(directory.resolve("alone.bin"), alone);
    write(
        directory.resolve("deeplearning4j.bin"),
        byDeeplearning4j(model, pooling, tokens, directory.resolve("network.zip")));
    System.out.printf(
        Locale.ROOT, "Sluice %.1f a second together, %.1f one at a time%n", together, single);
  }

  private static float[][] byDeeplearning4j(
      Path model, Pooling pooling, List<int[]> tokens, Path file) throws IOException {
    ModelSerializer.writeModel(BertEncoder.read(model).network(pooling), file.toFile(), false);
    ComputationGraph network = ModelSerializer.restoreComputationGraph(file.toFile());
    float[][] vectors = new float[Math.min(BY_DEEPLEARNING4J, tokens.size())][];
    for (int i = 0; i < vectors.length; i++) {
      int[] text = tokens.get(i);
      INDArray in = Nd4j.create(1, 1, text.length);
      for (int step = 0; step < text.length; step++) {
        in.putScalar(0, 0, step, text[step]);
      }
      INDArray vector = network.outputSingle(in);
      vectors[i] = vector.div(vector.norm2Number()).toFloatVector();
    }
    return vectors;
  }

  private static void write(Path file, float[][] vectors) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(vectors.length * vectors[0].length * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float number : vector) {
        bytes.putFloat(number);
      }
    }
    Files.write(file, bytes.array());
  }
}
