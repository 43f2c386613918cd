package sluice.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.InvalidInput;
import sluice.data.ParquetTable;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.Session;
import sluice.normalise.FeatureColumns;

/** Digests that equal tables share, however their rows are ordered and filed. */
public final class DigestCommand implements Command {
  /** What rows may be sorted by, the best first: a quarantined record has no key, but a source. */
  private static final List<String> KEYS =
      List.of(DatasetContract.KEY, FeatureColumns.KEY, "_source");

  @Override
  public String purpose() {
    return "Prints the digest of Parquet tables: SHA-256 over schema and rows, sorted by key.";
  }

  @Override
  public List<String> parameters() {
    return List.of("PATH...");
  }

  @Override
  public JobResult run(List<String> paths) {
    try (Session session = Session.open("sluice digest", Map.of())) {
      List<String> lines = new ArrayList<>();
      for (String path : paths) {
        String digest = digest(session.spark(), path);
        lines.add(paths.size() == 1 ? digest : digest + "  " + path);
      }
      return new JobResult(lines);
    }
  }

  static String digest(SparkSession spark, String path) {
    try {
      Dataset<Row> table = ParquetTable.read(spark, path);
      return Digest.of(table, key(table, path));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw e instanceof AnalysisException
          ? InvalidInput.data("%s: must be a Parquet table: %s".formatted(path, e.getMessage()))
          : new IllegalStateException(e);
    }
  }

  private static String key(Dataset<Row> table, String path) {
    List<String> columns = List.of(table.columns());
    return KEYS.stream()
        .filter(columns::contains)
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInput.data(
                    "%s: a table must have one of the columns %s, got %s"
                        .formatted(path, String.join(", ", KEYS), columns)));
  }
}
