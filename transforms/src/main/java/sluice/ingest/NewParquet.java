package sluice.ingest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/** Rows to be scored in Parquet files, whose other columns are of any type. */
final class NewParquet {
  private NewParquet() {}

  static NewRows read(NewFiles files) {
    if (files.heads().isEmpty()) {
      return files.none();
    }
    Map<String, String> unreadable = new TreeMap<>();
    List<StructField> others =
        Parquet.others(files.spark(), files.heads(), files.needed(), files::isWanted, unreadable);
    if (files.keep() != null && !unreadable.isEmpty()) {
      throw InvalidInput.data(
          unreadable.values().stream().map(what -> "predict.keep: " + what).toList());
    }
    unreadable.values().forEach(what -> files.source().notes().add("left out: " + what));
    Set<String> names = new LinkedHashSet<>(files.needed().names());
    others.forEach(field -> names.add(field.name()));
    // A column that is not needed has the type that files give it, where one does.
    List<String> inFolders =
        files.inFolders().stream()
            .filter(name -> files.needed().has(name) || !names.contains(name))
            .toList();
    names.addAll(inFolders);
    if (files.heads().values().stream().anyMatch(head -> head.schema() != null)) {
      files.requireKept(names);
    }
    List<StructField> handedOn =
        others.stream().filter(field -> !NewFiles.isReserved(field.name())).toList();
    RawTable table =
        files
            .folders()
            .read(
                files.texts(inFolders),
                files.heads(),
                (group, given) -> {
                  DatasetContract contract = files.needed();
                  for (String column : given) {
                    contract = contract.without(column);
                  }
                  return Parquet.read(
                      files.spark(), files.settings().options(), contract, group, handedOn);
                });
    return files.rows(table, NewJson.ordered(new ArrayList<>(names), files));
  }
}
