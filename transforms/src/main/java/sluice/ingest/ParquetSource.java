package sluice.ingest;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;

/** Files of Parquet, see {@link Parquet}. */
record ParquetSource() implements FileSource {

  /** {@inheritDoc} Those of the first file that have a type that is read. */
  @Override
  public Optional<DatasetContract> columnsOfFiles(IngestSettings settings, Configuration hadoop) {
    SourceFile first = ListedSource.of(settings.paths(), hadoop).files().get(0);
    return Optional.of(Parquet.columns(first, SourceFiles.reading(hadoop)));
  }

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
