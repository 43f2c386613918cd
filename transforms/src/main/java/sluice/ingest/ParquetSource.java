package sluice.ingest;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Files of Parquet, see {@link Parquet}. */
record ParquetSource() implements FileSource {

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return Parquet.head(file.address(), hadoop);
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return source
        .folders()
        .read(
            settings.contract(),
            source.files(),
            (files, given) ->
                Parquet.read(
                    spark,
                    settings.options(),
                    settings.withoutColumns(given).contract(),
                    files,
                    List.of()));
  }

  @Override
  public NewRows newRows(NewFiles files, DeclaredColumns declared) {
    return NewParquet.read(files);
  }
}
