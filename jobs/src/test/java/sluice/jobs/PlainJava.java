package sluice.jobs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.bundle.Scorer;

/** A program that knows nothing of Spark and prints the prediction for one record of numbers. */
final class PlainJava {
  private PlainJava() {}

  /**
   * Prints the prediction.
   *
   * @param arguments the bundle's directory, then names and values in turn
   */
  public static void main(String... arguments) {
    Map<String, Double> record = new LinkedHashMap<>();
    for (int i = 1; i < arguments.length; i += 2) {
      record.put(arguments[i], Double.valueOf(arguments[i + 1]));
    }
    System.out.println(Scorer.load(Path.of(arguments[0])).score(record));
  }
}
