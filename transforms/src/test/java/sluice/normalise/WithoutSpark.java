package sluice.normalise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.Json;
import sluice.data.RawRecord;

/** A program that has no Spark on its class path: reads a saved preprocessing and applies it. */
final class WithoutSpark {
  private WithoutSpark() {}

  public static void main(String[] arguments) throws IOException {
    try {
      Class.forName("org.apache.spark.sql.Column");
      throw new IllegalStateException("Spark is on the class path");
    } catch (ClassNotFoundException e) {
      // As it should be.
    }
    String path = arguments[0];
    FittedPreprocessing fitted =
        Json.read(Files.readString(Path.of(path)), FittedPreprocessing.class, path);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("x", 7.0);
    values.put("when", Instant.parse("1972-03-01T00:30:00Z"));
    values.put("job", "a");
    values.put("n", 3L);
    Features features = (Features) fitted.apply(RawRecord.of(values));
    features.floats().values().forEach(floats -> System.out.println(Arrays.toString(floats)));
    features.indices().values().forEach(indices -> System.out.println(Arrays.toString(indices)));
    values.put("when", null);
    values.put("n", null);
    System.out.println(((Rejected) fitted.apply(RawRecord.of(values))).reason());
  }
}
