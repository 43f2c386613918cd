package sluice.normalise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.Json;
import sluice.data.RawRecord;

/** What has no Spark on its class path: reads a saved preprocessing and applies it. */
public final class WithoutSpark {
  private WithoutSpark() {}

  /** What it comes to. */
  public static List<String> applied(String path) throws IOException {
    try {
      Class.forName("org.apache.spark.sql.Column");
      throw new IllegalStateException("Spark is on the class path");
    } catch (ClassNotFoundException e) {
      // As it should be.
    }
    List<String> said = new ArrayList<>();
    FittedPreprocessing fitted =
        Json.read(Files.readString(Path.of(path)), FittedPreprocessing.class, path);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("x", 7.0);
    values.put("when", Instant.parse("1972-03-01T00:30:00Z"));
    values.put("job", "a");
    values.put("n", 3L);
    Features features = (Features) fitted.apply(RawRecord.of(values));
    features.floats().values().forEach(floats -> said.add(Arrays.toString(floats)));
    features.indices().values().forEach(indices -> said.add(Arrays.toString(indices)));
    values.put("when", null);
    values.put("n", null);
    said.add(((Rejected) fitted.apply(RawRecord.of(values))).reason());
    return said;
  }
}
