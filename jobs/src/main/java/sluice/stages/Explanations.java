package sluice.stages;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import sluice.bundle.BundleTarget;
import sluice.data.Json;
import sluice.evaluation.MetricsReport;
import sluice.explanation.Importances;
import sluice.explanation.TokenEffects;
import sluice.jobs.JobContext;
import sluice.run.Published;
import sluice.run.Stage;

/**
 * What explains the predictions of a bundle and of baselines beside it.
 *
 * @param network of each label of the bundle
 * @param baselines of those that were asked for
 * @param tokens of the texts among the features; none without a text
 */
record Explanations(List<Importances> network, List<OfBaseline> baselines, List<OfTokens> tokens) {
  /** Holds the {@link Importances} of the network, of several labels a list. */
  private static final String IMPORTANCES = "importances.json";

  /** Holds a list of {@link OfBaseline}, if baselines were asked for. */
  private static final String BASELINES = "baselines.json";

  /** Holds a list of {@link OfTokens}, if there are texts. */
  private static final String TOKENS = "tokens.json";

  /** Where nothing was measured. */
  static final Explanations NONE = new Explanations(List.of(), List.of(), List.of());

  Explanations {
    network = List.copyOf(network);
    baselines = List.copyOf(baselines);
    tokens = List.copyOf(tokens);
  }

  /**
   * What a baseline looks at.
   *
   * @param label the column of the label
   * @param baseline its type
   * @param importances what was measured
   */
  record OfBaseline(String label, String baseline, Importances importances) {}

  /**
   * What tokens say to a model.
   *
   * @param label the column of the label
   * @param model {@link MetricsReport#NETWORK}, or the type of a baseline
   * @param effects what was measured
   */
  record OfTokens(String label, String model, TokenEffects effects) {}

  /** Writes them into an attempt. */
  void write(JobContext context, Path directory) {
    context.writeFile(
        directory, IMPORTANCES, Json.write(network.size() == 1 ? network.get(0) : network));
    if (!baselines.isEmpty()) {
      context.writeFile(directory, BASELINES, Json.write(baselines));
    }
    if (!tokens.isEmpty()) {
      context.writeFile(directory, TOKENS, Json.write(tokens));
    }
  }

  /** Those of the run's current bundle; nothing if they were not measured. */
  static Optional<Explanations> current(JobContext context) {
    String model = context.fingerprints(Stage.MODEL).get(Stage.MODEL.directory());
    return context
        .run()
        .directory()
        .current(Stage.EXPLANATIONS)
        .filter(
            published ->
                published
                    .manifest()
                    .key()
                    .inputs()
                    .getOrDefault(Stage.MODEL.directory(), "")
                    .equals(model))
        .map(published -> read(context, published));
  }

  private static Explanations read(JobContext context, Published published) {
    Path file = new Path(published.path(), IMPORTANCES);
    String json = text(context, file);
    List<Importances> network =
        Json.tree(json, file.toString()).isArray()
            ? List.of(Json.read(json, Importances[].class, file.toString()))
            : List.of(Json.read(json, Importances.class, file.toString()));
    return new Explanations(
        network,
        list(context, published, BASELINES, OfBaseline[].class),
        list(context, published, TOKENS, OfTokens[].class));
  }

  /** What a file of the attempt holds; nothing without it. */
  private static <T> List<T> list(
      JobContext context, Published published, String name, Class<T[]> type) {
    Path file = new Path(published.path(), name);
    return published.manifest().files().stream().anyMatch(each -> each.path().equals(name))
        ? List.of(Json.read(text(context, file), type, file.toString()))
        : List.of();
  }

  private static String text(JobContext context, Path file) {
    return new String(context.readFile(file), StandardCharsets.UTF_8);
  }

  /** What explains a label, by model, the network first; nothing if it was not measured. */
  Map<String, Importances> of(BundleTarget target) {
    Map<String, Importances> models = new LinkedHashMap<>();
    if (!network.isEmpty()) {
      models.put(MetricsReport.NETWORK, network.get(target.index()));
    }
    baselines.stream()
        .filter(each -> each.label().equals(target.fitted().column()))
        .forEach(each -> models.put(each.baseline(), each.importances()));
    return models;
  }

  /** What tokens say of a label, by model, the network first; nothing without texts. */
  Map<String, TokenEffects> tokens(BundleTarget target) {
    Map<String, TokenEffects> models = new LinkedHashMap<>();
    tokens.stream()
        .filter(each -> each.label().equals(target.fitted().column()))
        .forEach(each -> models.put(each.model(), each.effects()));
    return models;
  }
}
