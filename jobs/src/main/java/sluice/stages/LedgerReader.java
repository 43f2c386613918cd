package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.jobs.JobContext;
import sluice.run.Ledger;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.split.Split;

/**
 * The ledger of a run, from the manifests of its stages and, of a dated one, of those before it
 * that it takes rows from.
 */
final class LedgerReader {
  /** Of the rejects of each part, duplicates among them, what stands before the part's name. */
  static final String REJECTED = "rejected ";

  private LedgerReader() {}

  /** Where every row went; the counts are those of committed files. */
  static Ledger ledger(JobContext context) {
    long quarantined = context.windowRows(Stage.QUARANTINE).getOrDefault("rows", 0L);
    Map<String, Long> rejects = context.windowRows(Stage.REJECTS);
    return new Ledger(
        context.windowRows(Stage.RAW).getOrDefault("rows", 0L) + quarantined,
        quarantined,
        rejects.getOrDefault("rows", 0L),
        rejects.getOrDefault(CleanStage.DUPLICATES, 0L),
        context.rows(Stage.SPLIT, "train"),
        context.rows(Stage.SPLIT, "validation"),
        context.rows(Stage.SPLIT, "test"),
        context.rows(Stage.AUGMENTED, "added"),
        context.rows(Stage.MODEL, TrainStage.TRAINED));
  }

  /**
   * Counts of rows with those of each part, where the rows have parts already.
   *
   * @param rows the counts so far, by name
   * @param table rows in committed files
   * @param what stands before the part's name
   */
  static Map<String, Long> withParts(Map<String, Long> rows, Dataset<Row> table, String what) {
    Map<String, Long> all = new LinkedHashMap<>(rows);
    if (List.of(table.columns()).contains(DatasetContract.PART)) {
      Split.counts(table).forEach((part, n) -> all.put(what + part.text(), n));
    }
    return all;
  }

  /**
   * Adds up where the rows of each part's files went.
   *
   * @param given the parts that files were given for
   * @param split the rows of each part after the split
   * @throws InvalidInput (data) with both sides of each sum that differs
   */
  static void checkParts(JobContext context, Set<Part> given, Map<Part, Long> split) {
    Map<String, Long> raw = context.windowRows(Stage.RAW);
    Map<String, Long> rejects = context.windowRows(Stage.REJECTS);
    List<String> problems = new ArrayList<>();
    for (Part part : given) {
      long read = raw.getOrDefault(part.text(), 0L);
      long rejected = rejects.getOrDefault(REJECTED + part.text(), 0L);
      long kept = split.getOrDefault(part, 0L);
      if (part == Part.TRAIN && !given.contains(Part.VALIDATION)) {
        kept += split.getOrDefault(Part.VALIDATION, 0L);
      }
      if (read != rejected + kept) {
        problems.add(
            "the ledger must add up, but of the files for %s %d rows were read, %d rejected and %d split"
                .formatted(part.text(), read, rejected, kept));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /** The ledger by name, as {@code metrics.json} holds it. */
  static Map<String, Long> byName(Ledger ledger) {
    Map<String, Long> rows = new LinkedHashMap<>();
    rows.put("read", ledger.read());
    rows.put("quarantined", ledger.quarantined());
    rows.put("rejected", ledger.rejected());
    rows.put("duplicates", ledger.duplicates());
    rows.put("train", ledger.train());
    rows.put("validation", ledger.validation());
    rows.put("test", ledger.test());
    rows.put("added", ledger.added());
    rows.put("trained", ledger.trained());
    return rows;
  }
}
