package sluice.testing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.ingest.IngestSettings;
import sluice.ingest.Source;
import sluice.ingest.SourcePaths;
import sluice.ingest.Sources;

/** Settings of files by the name of their format. */
public final class FileSettings {
  private static final Map<String, Source> SOURCES =
      Map.of(
          "csv", Sources.CSV,
          "idx", Sources.IDX,
          "json", Sources.JSON,
          "parquet", Sources.PARQUET);

  private FileSettings() {}

  /** Of files of which the split makes the parts. */
  public static IngestSettings of(
      String format,
      List<String> path,
      Map<String, String> options,
      String schema,
      double maxQuarantined,
      @Nullable String key) {
    return of(format, SourcePaths.of(path), options, schema, maxQuarantined, key, null);
  }

  /** With all that there is to say. */
  public static IngestSettings of(
      String format,
      SourcePaths path,
      Map<String, String> options,
      String schema,
      double maxQuarantined,
      @Nullable String key,
      @Nullable String sourceColumn) {
    return new IngestSettings(
        source(format), path, options, schema, maxQuarantined, key, sourceColumn);
  }

  /** The source of a format. */
  public static Source source(String format) {
    Source source = SOURCES.get(format);
    if (source == null) {
      throw new IllegalArgumentException("no format " + format);
    }
    return source;
  }
}
