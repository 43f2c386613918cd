package sluice.report;

import java.time.Instant;
import java.util.List;

/**
 * What a report says, in the order in which it is read. A section that is not given is not on the
 * page. Every text may be hostile: column names, labels and values are shown, never interpreted.
 *
 * @param title the pipeline's name
 * @param task binary, multiclass, regression; shown as it is
 * @param when when the evaluation ended
 * @param bundleId the bundle that was judged
 * @param verdict the one sentence that a reader in a hurry takes away
 * @param warnings what limits the verdict, such as "Measured on training rows"; shown before it
 * @param sections the sections, first to last
 */
public record ReportPage(
    String title,
    String task,
    Instant when,
    String bundleId,
    String verdict,
    List<String> warnings,
    List<Section> sections) {
  public ReportPage {
    warnings = List.copyOf(warnings);
    sections = List.copyOf(sections);
  }
}
