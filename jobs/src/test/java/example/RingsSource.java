package example;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.Require;
import sluice.data.Sha256;
import sluice.ingest.IngestSettings;
import sluice.ingest.NewRows;
import sluice.ingest.Source;
import sluice.ingest.SourceRows;

/** A source that another jar adds: points of two rings, one within the other, made by a seed. */
public record RingsSource(int points, long seed) implements Source {
  private static final DatasetContract COLUMNS =
      new DatasetContract(
          List.of(
              new Field("x", FieldType.DOUBLE),
              new Field("y", FieldType.DOUBLE),
              new Field("ring", FieldType.STRING)));

  public RingsSource {
    new Require().atLeast("points", points, 1).hold();
  }

  @Override
  public Optional<DatasetContract> columns() {
    return Optional.of(COLUMNS);
  }

  @Override
  public String where(IngestSettings settings) {
    return "rings " + seed;
  }

  @Override
  public boolean hasPositions() {
    return true;
  }

  @Override
  public Map<String, String> fingerprints(SparkSession spark, IngestSettings settings) {
    return Map.of("source", Sha256.hexOf(toString()));
  }

  @Override
  public SourceRows read(SparkSession spark, IngestSettings settings) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (long i = 1; i <= points; i++) {
      boolean inner = random.nextBoolean();
      double radius = (inner ? 1 : 2) + 0.4 * random.nextDouble();
      double angle = 2 * Math.PI * random.nextDouble();
      rows.add(
          RowFactory.create(
              where(settings),
              i,
              radius * Math.cos(angle),
              radius * Math.sin(angle),
              inner ? "inner" : "outer"));
    }
    StructType schema =
        StructType.fromDDL(
            "%s string, %s bigint, %s"
                .formatted(DatasetContract.SOURCE, NewRows.POSITION, COLUMNS.ddl()));
    return SourceRows.of(spark.createDataFrame(rows, schema));
  }
}
