package sluice.jobs;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.bundle.Scorer;

/** A program that knows nothing of Spark and prints a prediction for each record. */
final class PlainJava {
  private PlainJava() {}

  /**
   * Prints the predictions.
   *
   * @param arguments the bundle's directory, then records as in {@code a=1.5 city=Kiel}; what can
   *     be read as a number is one
   */
  public static void main(String... arguments) {
    Scorer scorer = Scorer.load(Path.of(arguments[0]));
    for (String text : Arrays.asList(arguments).subList(1, arguments.length)) {
      Map<String, Object> record = new LinkedHashMap<>();
      for (String pair : text.split(" ", -1)) {
        int equals = pair.indexOf('=');
        record.put(pair.substring(0, equals), value(pair.substring(equals + 1)));
      }
      System.out.println(scorer.score(record));
    }
  }

  private static Object value(String text) {
    return text.matches("-?[0-9.]+") ? Double.valueOf(text) : text;
  }
}
