package sluice.jobs;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureTable;

/** A digest that equal tables share, however their rows are ordered and filed. */
final class DigestInquiry implements Inquiry {

  @Override
  public String purpose() {
    return "Prints the digest of a Parquet table: SHA-256 over schema and rows, sorted by key.";
  }

  @Override
  public List<String> parameters() {
    return List.of("PATH");
  }

  @Override
  public JobResult answer(List<String> arguments) {
    String path = arguments.get(0);
    try (Session session = Session.open("sluice digest " + path, Map.of())) {
      Dataset<Row> table = session.spark().read().parquet(path);
      return new JobResult(List.of(Digest.of(table, key(table, path))));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw e instanceof AnalysisException
          ? InvalidInput.data("%s: must be a Parquet table: %s".formatted(path, e.getMessage()))
          : new IllegalStateException(e);
    }
  }

  private static String key(Dataset<Row> table, String path) {
    return Arrays.stream(table.columns())
        .filter(name -> name.equals(DatasetContract.KEY) || name.equals(FeatureTable.KEY))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInput.data(
                    "%s: a table must have a column %s or %s, got %s"
                        .formatted(
                            path,
                            DatasetContract.KEY,
                            FeatureTable.KEY,
                            Arrays.toString(table.columns()))));
  }
}
