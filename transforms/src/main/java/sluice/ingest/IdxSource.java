package sluice.ingest;

import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;

/** Pictures and labels as MNIST has them, see {@link Idx}. */
record IdxSource() implements FileSource {

  @Override
  public List<String> problems(DatasetContract columns) {
    List<FieldType> types = columns.fields().stream().map(Field::type).toList();
    boolean known = List.of(FieldType.BINARY, FieldType.INT, FieldType.STRING).containsAll(types);
    return known && Set.copyOf(types).size() == types.size() && types.contains(FieldType.BINARY)
        ? List.of()
        : List.of(
            "idx files give one BINARY, the picture, and at most one INT, its label, and one"
                + " STRING, its part, got "
                + columns.ddl());
  }

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return FileHead.UNKNOWN;
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return source
        .folders()
        .read(
            settings.contract(),
            source.files(),
            (files, given) ->
                Idx.read(spark, settings.withoutColumns(given), List.copyOf(files.keySet())));
  }

  @Override
  public NewRows newRows(NewFiles files, DeclaredColumns declared) {
    List<String> names = files.needed().names();
    files.requireKept(names);
    return files.rows(table(files.spark(), files.settings(), files.source()), names);
  }
}
