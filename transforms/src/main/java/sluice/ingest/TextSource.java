package sluice.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.Require;
import sluice.ingest.text.TextEncoding;

/** Files of texts, with columns of their own and without options. */
sealed interface TextSource extends FileSource
    permits LinesSource, ParallelSource, WholeTextSource {
  /** The column of the class. */
  String LABEL = "label";

  /** What holds for what all of them are told. */
  static Require require(String encoding, int maxText) {
    return new Require()
        .that(
            TextEncoding.isKnown(encoding),
            "encoding must be auto or the name of an encoding, got " + encoding)
        .atLeast("max-text", maxText, 1);
  }

  @Override
  default List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
    List<String> problems = new ArrayList<>(FileSource.super.problems(path, Map.of()));
    if (!options.isEmpty()) {
      problems.add(
          "options must not be given with format = %s, got %s"
              .formatted(Sources.TYPES.name(this), new TreeMap<>(options)));
    }
    return problems;
  }

  @Override
  default List<String> problems(DatasetContract columns) {
    DatasetContract own = columns().orElseThrow();
    String format = Sources.TYPES.name(this);
    List<String> problems = new ArrayList<>();
    for (Field field : columns.fields()) {
      if (!own.has(field.name())) {
        problems.add(
            "column %s is none of format = %s, which gives %s"
                .formatted(field.name(), format, own.ddl()));
      } else if (own.type(field.name()) != field.type()) {
        problems.add(
            "column %s must be %s with format = %s, got %s"
                .formatted(field.name(), own.type(field.name()).ddl(), format, field.type().ddl()));
      }
    }
    return problems;
  }

  @Override
  default boolean holdsTexts() {
    return true;
  }
}
