package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.adaptation.AdaptedFrom;
import sluice.bundle.ModelBundle;
import sluice.evaluation.baselines.FittedBaseline;
import sluice.jobs.JobContext;
import sluice.report.Numbers;
import sluice.report.ProvenanceTable;
import sluice.report.ProvenanceTable.Entry;
import sluice.run.Published;
import sluice.run.Stage;

/** What the bundle and the baselines were made from, as a tree. */
final class ProvenanceSection {
  private ProvenanceSection() {}

  static ProvenanceTable of(JobContext context, ModelBundle bundle, List<LabelJudgement> labels) {
    var made = bundle.provenance();
    List<Entry> entries = new ArrayList<>();
    entries.add(value("bundle", bundle.id()));
    entries.add(value("pipeline", made.pipeline()));
    entries.add(value("seed", Long.toString(made.seed())));
    entries.add(value("configuration hash", made.configurationHash()));
    entries.add(value("code", made.code()));
    entries.add(tree("data", made.data()));
    if (made.adapted() != null) {
      entries.add(adapted(made.adapted()));
    }
    entries.add(tree("versions", made.versions()));
    entries.add(tree("machine", made.machine()));
    entries.add(tree("rows", made.rows()));
    entries.add(new Entry("stages", "", stages(context)));
    for (LabelJudgement label : labels) {
      if (!label.baselines().isEmpty()) {
        entries.add(
            new Entry(
                label.target().isOnly()
                    ? "baselines"
                    : "baselines of " + label.target().fitted().column(),
                "",
                label.baselines().stream().map(result -> baseline(result.fitted())).toList()));
      }
    }
    return new ProvenanceTable(entries);
  }

  private static Entry adapted(AdaptedFrom from) {
    return new Entry(
        "adapted from",
        "",
        List.of(
            value("SHA-256", from.sha256()),
            list("preprocessing taken over", from.inputs()),
            list("layers taken over", from.taken()),
            list("frozen", from.frozen()),
            list("low-rank adapters", from.adapted()),
            list("new", from.fresh())));
  }

  private static Entry list(String key, List<String> values) {
    return value(key, values.isEmpty() ? "none" : String.join(", ", values));
  }

  private static List<Entry> stages(JobContext context) {
    List<Entry> entries = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      // What is being made now has no manifest yet, and predictions come after it.
      if (stage != Stage.METRICS && stage != Stage.PREDICTIONS) {
        context.run().directory().current(stage).ifPresent(there -> entries.add(stage(there)));
      }
    }
    return entries;
  }

  private static Entry stage(Published there) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("attempt", there.attempt());
    facts.put("created", there.manifest().created());
    facts.put("seconds", Numbers.result(there.manifest().seconds()));
    List<Entry> entries = new ArrayList<>(tree("", facts).children());
    entries.add(tree("rows", there.manifest().rows()));
    entries.add(tree("machine", there.manifest().machine()));
    return new Entry(there.stage().directory(), "", entries);
  }

  private static Entry baseline(FittedBaseline baseline) {
    return new Entry(
        baseline.name(),
        "",
        List.of(
            value("train rows", Numbers.count(baseline.trainRows())),
            value("seconds to fit", Numbers.result(baseline.fitSeconds())),
            tree("parameters", new TreeMap<>(baseline.parameters()))));
  }

  private static Entry tree(String key, Map<String, ?> values) {
    return values.isEmpty()
        ? value(key, "none")
        : new Entry(
            key,
            "",
            values.entrySet().stream()
                .map(entry -> value(entry.getKey(), String.valueOf(entry.getValue())))
                .toList());
  }

  private static Entry value(String key, String value) {
    return new Entry(key, value, List.of());
  }
}
