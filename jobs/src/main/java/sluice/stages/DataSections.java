package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.jobs.JobContext;
import sluice.normalise.ClassLabel;
import sluice.normalise.FeatureColumns;
import sluice.quality.ColumnProfile;
import sluice.report.Bins;
import sluice.report.ClassBalance;
import sluice.report.DataProfile;
import sluice.report.Numbers;
import sluice.report.OfLabel;
import sluice.report.Rejects;
import sluice.report.Section;
import sluice.run.Ledger;
import sluice.run.Stage;
import sluice.split.Part;

/** The sections that show what went in, and where it went. */
record DataSections(JobContext context, ModelBundle bundle, Ledger ledger) {
  private static final int MOST_REASONS = 20;
  private static final String READER = "reader";
  private static final String RULE = "_rule";
  private static final String REASON = "_reason";
  private static final String ROWS = "rows";
  private static final String ADDED = "added";

  List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(profile());
    TextSection.of(context, bundle).ifPresent(sections::add);
    for (BundleTarget target : bundle.targets()) {
      if (target.fitted() instanceof ClassLabel label) {
        ClassBalance balance = balance(target, label);
        sections.add(target.isOnly() ? balance : new OfLabel(label.column(), balance));
      }
    }
    sections.add(
        new sluice.report.LedgerTable(
            ledger.read(),
            ledger.quarantined(),
            ledger.rejected(),
            ledger.duplicates(),
            ledger.train(),
            ledger.validation(),
            ledger.test(),
            ledger.added(),
            context.config().split().sameRows()
                ? sluice.report.LedgerTable.Parts.SAME_ROWS
                : sluice.report.LedgerTable.Parts.APART));
    sections.add(rejects());
    return sections;
  }

  private DataProfile profile() {
    return new DataProfile(
        context.rows(Stage.RAW, "rows"),
        context.facts(Stage.RAW, IngestStage.PROFILE, ColumnProfile[].class).stream()
            .map(DataSections::column)
            .toList(),
        "As they were read, before any cleaning; the shapes of numbers reach from the 1st to the 99th percentile."
            + unused());
  }

  private String unused() {
    List<String> unused = context.facts(Stage.FEATURES, NormaliseStage.UNUSED, String[].class);
    return unused.isEmpty()
        ? ""
        : " Of the columns behind the rules neither a feature nor the label is made of %s."
            .formatted(String.join(", ", unused));
  }

  private static DataProfile.Column column(ColumnProfile profile) {
    return new DataProfile.Column(
        profile.name(),
        profile.notFinite() == 0
            ? profile.type()
            : "%s, %s not finite".formatted(profile.type(), Numbers.count(profile.notFinite())),
        profile.missing(),
        profile.distinct(),
        content(profile));
  }

  private static DataProfile.Content content(ColumnProfile profile) {
    ColumnProfile.Numbers numbers = profile.numbers();
    if (numbers != null) {
      return new DataProfile.Numeric(
          numbers.min(), numbers.median(), numbers.max(), histogram(numbers));
    }
    if (profile.missing() + profile.notFinite() == profile.rows()) {
      return new DataProfile.Opaque("no values");
    }
    if (profile.top().isEmpty()) {
      return new DataProfile.Opaque("too many different values to list");
    }
    long listed = profile.top().stream().mapToLong(ColumnProfile.Count::rows).sum();
    return new DataProfile.Categorical(
        profile.top().stream()
            .map(value -> new DataProfile.Category(value.value(), value.rows()))
            .toList(),
        profile.rows() - profile.missing() - listed);
  }

  private static Bins histogram(ColumnProfile.Numbers numbers) {
    int bins = numbers.histogram().size();
    double low = numbers.histogramLow();
    double width = (numbers.histogramHigh() - low) / bins;
    // Bins of a single value, or of values too close for edges between them, are of any width.
    double step =
        low + width > low && numbers.histogramHigh() - width < numbers.histogramHigh()
            ? width
            : Math.max(1, Math.ulp(low) * 2);
    return new Bins(
        IntStream.rangeClosed(0, bins).mapToObj(i -> low + i * step).toList(), numbers.histogram());
  }

  private ClassBalance balance(BundleTarget target, ClassLabel label) {
    Map<String, long[]> parts = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      parts.put(part.text(), new long[label.classes().size()]);
    }
    parts.put(ADDED, new long[label.classes().size()]);
    Column index = PartPredictions.label(target).as(FeatureColumns.LABEL);
    Dataset<Row> rows = context.read(Stage.FEATURES).select(col(FeatureColumns.PART), index);
    Dataset<Row> added =
        context.read(Stage.AUGMENTED).select(lit(ADDED).as(FeatureColumns.PART), index);
    rows.unionByName(added)
        .groupBy(FeatureColumns.PART, FeatureColumns.LABEL)
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(
            row -> {
              long[] counts = parts.get(row.getString(0));
              if (counts != null && !row.isNullAt(1)) {
                counts[row.getInt(1)] += row.getLong(2);
              }
            });
    parts
        .values()
        .removeIf(counts -> IntStream.range(0, counts.length).allMatch(c -> counts[c] == 0));
    return new ClassBalance(
        parts.keySet().stream()
            .map(
                part ->
                    context.config().split().sameRows() && part.equals(Part.TRAIN.text())
                        ? "train = test"
                        : part)
            .toList(),
        IntStream.range(0, label.classes().size())
            .mapToObj(
                c ->
                    new ClassBalance.ClassRows(
                        label.classes().get(c),
                        parts.values().stream().map(counts -> counts[c]).toList()))
            .toList());
  }

  /** The most frequent reasons, and of each rule how many rows had others. */
  private Rejects rejects() {
    // A duplicate's reason names the row that stays.
    Column duplicate = col(RULE).endsWith(CleanStage.DUPLICATE_RULE);
    Dataset<Row> reasons =
        context
            .readWindow(Stage.REJECTS)
            .select(
                col(RULE),
                when(duplicate, "equal to a row that stays").otherwise(col(REASON)).as(REASON))
            .unionByName(
                context.readWindow(Stage.QUARANTINE).select(lit(READER).as(RULE), col(REASON)));
    Map<String, Long> others = new HashMap<>();
    reasons
        .groupBy(RULE)
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> others.put(row.getString(0), row.getLong(1)));
    List<Rejects.Reason> shown = new ArrayList<>();
    for (Row row :
        reasons
            .groupBy(RULE, REASON)
            .agg(count(lit(1)).as(ROWS))
            .orderBy(col(ROWS).desc(), col(RULE), col(REASON))
            .limit(MOST_REASONS)
            .collectAsList()) {
      shown.add(new Rejects.Reason(row.getString(0), row.getString(1), row.getLong(2)));
      others.merge(row.getString(0), -row.getLong(2), Long::sum);
    }
    others.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> new Rejects.Reason(entry.getKey(), "other reasons", entry.getValue()))
        .sorted(
            Comparator.comparingLong(Rejects.Reason::rows)
                .reversed()
                .thenComparing(Rejects.Reason::rule))
        .forEach(shown::add);
    return new Rejects(shown);
  }
}
