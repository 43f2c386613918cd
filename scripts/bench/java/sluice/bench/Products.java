package sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.Products.Form;

/**
 * Multiplies square matrices in one thread, of the size that each line on standard input asks for,
 * as often as fits into the seconds of its argument; answers {@code rate GFLOPS}, after {@code ready
 * LIBRARY}.
 */
public final class Products {
  private Products() {}

  public static void main(String... arguments) throws IOException {
    double seconds = Double.parseDouble(arguments[0]);
    System.out.println("ready " + MatrixProducts.ofThisProcess().identity());
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = asked.readLine(); line != null; line = asked.readLine()) {
      System.out.println("rate " + rate(Integer.parseInt(line), seconds));
    }
  }

  private static double rate(int size, double seconds) {
    try (FloatPointer a = random(size, 1);
        FloatPointer b = random(size, 2);
        FloatPointer c = new FloatPointer((long) size * size)) {
      multiply(size, a, b, c);
      int products = 0;
      long start = System.nanoTime();
      long nanoseconds;
      do {
        multiply(size, a, b, c);
        products++;
        nanoseconds = System.nanoTime() - start;
      } while (nanoseconds < seconds * 1e9);
      return 2.0 * size * size * size * products / nanoseconds;
    }
  }

  private static void multiply(int size, FloatPointer a, FloatPointer b, FloatPointer c) {
    MatrixProducts.ofThisProcess()
        .multiply(Form.PLAIN, Form.PLAIN, size, size, size, 1, a, size, b, size, 0, c, size);
  }

  private static FloatPointer random(int size, int seed) {
    Random random = new Random(seed);
    float[] floats = new float[size * size];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat();
    }
    return new FloatPointer(floats);
  }
}
