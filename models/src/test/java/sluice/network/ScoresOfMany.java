package sluice.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.Products;
import sluice.network.compiled.Products.Form;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;

/**
 * A program that prints the scores of networks and a product of matrices, large enough for several
 * threads to share them.
 */
final class ScoresOfMany {
  private static final int EXAMPLES = 17;
  private static final int PIXELS = 28 * 28;

  private ScoresOfMany() {}

  public static void main(String... arguments) throws InterruptedException {
    System.out.println(text());
  }

  /** All in one line, floats to their last bit. */
  static String text() throws InterruptedException {
    Random random = new Random(4);
    float[] pixels = new float[EXAMPLES * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    StringBuilder text = new StringBuilder("scores");
    for (NetworkSpec spec :
        List.of(
            new LeNet(List.of(20, 50), 500, HiddenActivation.RELU, 0, 0, InitialWeights.HE),
            new MultilayerPerceptron(
                List.of(1024, 256), HiddenActivation.RELU, 0, 0, InitialWeights.HE, Loss.AUTO))) {
      NetworkDefinition definition =
          new NetworkDefinition(
              spec,
              List.of(
                  TensorSpec.of(
                      "image",
                      Element.FLOAT32,
                      List.of(1, 28, 28),
                      List.of(),
                      List.of(),
                      List.of())),
              Target.classes(10));
      float[] parameters = definition.initial(new UpdaterSpec.Sgd(1), 3).parameters();
      text.append(
          Arrays.deepToString(
              definition.predictor(parameters).predict(pixels, new int[0], EXAMPLES)));
    }
    StringBuilder product = new StringBuilder();
    Thread other =
        new Thread(() -> product.append(product()).append(threads("products")), "products");
    other.start();
    other.join();
    return text.append(product).toString();
  }

  private static String product() {
    int size = 256;
    float[] floats = new float[size * size];
    Random random = new Random(5);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat();
    }
    Products products = MatrixProducts.ofThisProcess();
    try (FloatPointer a = new FloatPointer(floats);
        FloatPointer c = new FloatPointer(floats.length)) {
      products.multiply(
          Form.PLAIN, Form.TRANSPOSED, size, size, size, 1, a, size, a, size, 0, c, size);
      c.get(floats);
    }
    return " product " + Arrays.hashCode(floats) + " by " + products.identity();
  }

  /** How many threads have a name; those that a native library starts have that of their parent. */
  private static String threads(String name) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return " in " + threads.filter(thread -> has(thread, name)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean has(Path thread, String name) {
    try {
      return Files.readString(thread.resolve("comm")).strip().equals(name);
    } catch (IOException e) {
      // It has ended since it was listed.
      return false;
    }
  }
}
