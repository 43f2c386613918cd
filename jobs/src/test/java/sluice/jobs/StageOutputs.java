package sluice.jobs;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** What the stages of a run on the local disk have published. */
record StageOutputs(Path run) {

  Published published(Stage stage) {
    return RunDirectory.open(new org.apache.hadoop.fs.Path(run.toUri()), new Configuration())
        .current(stage)
        .orElseThrow();
  }

  Path path(Stage stage) {
    return Path.of(published(stage).path().toUri().getPath());
  }

  /** The rows of a stage, or of a folder in it. */
  Dataset<Row> rows(Stage stage, String... folder) {
    return LocalSpark.session()
        .read()
        .parquet(path(stage).resolve(String.join("/", folder)).toString());
  }
}
