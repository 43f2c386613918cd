package sluice.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import sluice.run.Ledger;
import sluice.run.Stage;

/**
 * The ledger of a run, from the manifests of its stages and, of a dated one, of those before it
 * that it takes rows from.
 */
final class Accounts {
  private Accounts() {}

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
