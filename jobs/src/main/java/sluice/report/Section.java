package sluice.report;

/** A section of the page: what it shows, and how it is written. */
public sealed interface Section
    permits ClassBalance,
        Comparison,
        Configuration,
        ConfusionMatrix,
        Curves,
        DataProfile,
        DecisionSurface,
        HeadlineMetrics,
        Importance,
        LearningCurves,
        LedgerTable,
        OfLabel,
        PerClass,
        ProvenanceTable,
        RegressionFit,
        Rejects,
        Slices,
        TextOverview,
        Tokens,
        WorstErrors,
        WorstTags {

  /** The heading, also the entry in the contents. */
  String heading();

  /** The fragment that links point to, such as "ledger"; the page makes repeated ones unique. */
  String anchor();

  /** Writes what stands under the heading. */
  void writeTo(Html html);
}
