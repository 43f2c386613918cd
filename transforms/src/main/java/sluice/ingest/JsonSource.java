package sluice.ingest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import sluice.data.DatasetContract;
import sluice.data.ValueNotation;

/** Files of JSON, see {@link JsonFiles}. */
record JsonSource() implements FileSource {

  @Override
  public List<String> problems(DatasetContract columns) {
    return TextRows.problems("json", columns);
  }

  @Override
  public ValueNotation notation(Map<String, String> options) {
    return SparkOptions.jsonNotation(options);
  }

  @Override
  public boolean holdsTexts() {
    return true;
  }

  @Override
  public boolean namesColumnsInRecords() {
    return true;
  }

  @Override
  public Optional<String> hint(IngestSettings settings, String record, String reason) {
    return Hints.time(settings, reason);
  }

  @Override
  public FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return new JsonFormat(settings.options(), settings.contract()).head(file.address(), hadoop);
  }

  @Override
  public RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    return JsonFiles.read(
        spark,
        settings.options(),
        settings.contract(),
        source.files().keySet(),
        source.folders(),
        TextRows::table);
  }

  @Override
  public NewRows newRows(NewFiles files, DeclaredColumns declared) {
    return NewJson.read(files);
  }

  @Override
  public List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    return JsonFiles.absent(spark, settings, files, columns);
  }
}
