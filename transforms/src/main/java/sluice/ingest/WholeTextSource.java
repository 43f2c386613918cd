package sluice.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.ingest.text.FileReading;

/**
 * Files of which each is one text, in folders of their classes: the label of a file is the name of
 * the first folder below the path, or below the part of a pattern that has no wildcard. Folders
 * that are named {@code column=value} are none of classes. Many small files share a task, see
 * {@link WholeTexts}.
 */
sealed interface WholeTextSource extends TextSource permits FoldersSource, MailSource {
  /** How the bytes of a file become its text. */
  FileReading reading();

  @Override
  default Optional<DatasetContract> columns() {
    return Optional.of(reading().columns().with(LABEL, FieldType.STRING));
  }

  @Override
  default FileHead head(SourceFile file, IngestSettings settings, Configuration hadoop) {
    return FileHead.UNKNOWN;
  }

  /** {@inheritDoc} Each must have the label that is asked for. */
  @Override
  default RawTable table(SparkSession spark, IngestSettings settings, OpenedSource source) {
    requireLabels(settings, source);
    return rows(spark, settings.contract(), source);
  }

  @Override
  default NewRows newRows(NewFiles files, DeclaredColumns declared) {
    List<String> own = columns().orElseThrow().names();
    files.requireKept(own);
    if (files.heads().isEmpty()) {
      return files.none();
    }
    DatasetContract wanted = files.wanted(columns().orElseThrow());
    return files.rows(rows(files.spark(), wanted, files.source()), wanted.names());
  }

  private RawTable rows(SparkSession spark, DatasetContract contract, OpenedSource source) {
    FileReading reading = reading();
    List<WholeTexts> read = new ArrayList<>();
    RawTable table =
        source
            .folders()
            .read(
                contract,
                source.files(),
                (files, given) -> {
                  DatasetContract own = contract;
                  for (String column : given) {
                    own = own.without(column);
                  }
                  read.add(new WholeTexts(spark, reading, own, files.keySet()));
                  return read.get(read.size() - 1).table();
                });
    return table.with(() -> Encodings.notes(WholeTexts.encodings(read)));
  }

  private void requireLabels(IngestSettings settings, OpenedSource source) {
    if (!settings.contract().has(LABEL)) {
      return;
    }
    List<String> without =
        source.files().keySet().stream()
            .filter(file -> label(file.name()) == null)
            .filter(file -> !source.folders().of(file).contains(LABEL))
            .map(SourceFile::named)
            .toList();
    if (!without.isEmpty()) {
      throw InvalidInput.data(noLabel(settings, without));
    }
  }

  private static List<String> noLabel(IngestSettings settings, List<String> files) {
    int shown = Math.min(files.size(), SHOWN_FILES);
    List<String> problems = new ArrayList<>();
    for (String file : files.subList(0, shown)) {
      problems.add(
          "%s: must lie in a folder below %s, whose name is its label"
              .formatted(file, settings.where()));
    }
    if (files.size() > shown) {
      problems.add("and %d more files".formatted(files.size() - shown));
    }
    return problems;
  }

  /**
   * The class of a file.
   *
   * @param name see {@link SourceFile#name}
   * @return null if it lies in no folder
   */
  static @Nullable String label(String name) {
    String[] parts = name.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      if (parts[i].indexOf('=') <= 0) {
        return parts[i];
      }
    }
    return null;
  }
}
