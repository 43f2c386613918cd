package sluice.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Contracts of Spark tables. It stands apart from {@link DatasetContract}, which is saved as JSON:
 * Jackson reads the signature of every method of a class, and a bundle is read where there is no
 * Spark.
 */
public final class SparkSchema {
  private static final Set<String> OWN =
      Set.of(DatasetContract.KEY, DatasetContract.SOURCE, DatasetContract.PART);

  private SparkSchema() {}

  /**
   * The contract of a Spark schema; Sluice's own columns are left out.
   *
   * @throws InvalidInput if a column has a type that Sluice does not read, or stands there twice
   */
  public static DatasetContract contract(StructType schema) {
    List<String> problems = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (OWN.contains(field.name())) {
        continue;
      }
      String ddl = field.dataType().simpleString();
      Optional<FieldType> type = FieldType.ofDdl(ddl);
      if (type.isPresent()) {
        fields.add(new Field(field.name(), type.get()));
      } else {
        problems.add(
            "column %s has the type %s, must be one of %s"
                .formatted(field.name(), ddl, FieldType.names()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return new DatasetContract(fields);
  }
}
