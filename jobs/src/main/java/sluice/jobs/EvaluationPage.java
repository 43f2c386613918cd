package sluice.jobs;

import java.util.List;
import java.util.Optional;
import sluice.bundle.ModelBundle;
import sluice.evaluation.Evaluation;
import sluice.explanation.Importances;
import sluice.report.HtmlReport;
import sluice.report.ReportPage;
import sluice.run.Ledger;

/** The judgement as a page for people. */
final class EvaluationPage {
  private EvaluationPage() {}

  static String of(
      JobContext context,
      ModelBundle bundle,
      Evaluation evaluation,
      Ledger ledger,
      Optional<Importances> importances) {
    return HtmlReport.render(
        new ReportPage(
            context.config().pipeline().name(),
            evaluation.report().task().toString(),
            context.clock().instant(),
            bundle.id(),
            "",
            List.of(),
            List.of()));
  }
}
