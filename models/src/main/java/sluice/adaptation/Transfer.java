package sluice.adaptation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.network.NamedLayer;
import sluice.network.Network;
import sluice.network.UpdaterSpec;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.FittedGroup;

/**
 * The layers that a network takes over from one that was trained before. An encoder is taken over
 * as a whole, if all feature groups that it reads keep their fitted steps and its layers are the
 * same; the combiner, if all encoders are taken over and its layers are the same. What makes
 * predictions of that is new: the label may be another one. A network that has no encoders by name
 * is one encoder but for its output layers.
 *
 * @param taken the parameters of layers by their names; of a layer without parameters none
 * @param others what is new, each with the reason: encoders by the names of their inputs, and
 *     {@value #HEAD}
 * @param general whether they are of one that {@link Pretrained#isGeneral}
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record Transfer(Map<String, float[]> taken, Map<String, String> others, boolean general) {
  /** What stands behind the encoders and is new. */
  static final String HEAD = "head";

  private static final String ALL = "all inputs";
  private static final String COLUMNS = "columns";

  public Transfer {
    taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** The part of a network that reads some feature groups. */
  private record Encoder(List<String> groups, List<NamedLayer> layers) {}

  /** A network by its parts. */
  private record Parts(Map<String, Encoder> encoders, List<NamedLayer> combiner) {
    static Parts of(Network network, NetworkDefinition definition) {
      List<NamedLayer> layers = network.namedLayers();
      List<String> groups = definition.inputs().stream().map(input -> input.name()).toList();
      Map<String, Encoder> encoders = new LinkedHashMap<>();
      if (layers.stream().noneMatch(layer -> layer.name().startsWith(LayerNames.ENCODER))) {
        encoders.put(
            ALL, new Encoder(groups, layers.stream().filter(layer -> !layer.isOutput()).toList()));
        return new Parts(encoders, List.of());
      }
      Map<String, List<NamedLayer>> found = new LinkedHashMap<>();
      for (NamedLayer layer : layers) {
        if (layer.name().startsWith(LayerNames.ENCODER)) {
          found.computeIfAbsent(part(layer.name(), groups), name -> new ArrayList<>()).add(layer);
        }
      }
      List<String> rest = new ArrayList<>(groups);
      rest.removeIf(group -> found.containsKey(group) && !group.equals(COLUMNS));
      found.forEach(
          (part, own) ->
              encoders.put(part, new Encoder(part.equals(COLUMNS) ? rest : List.of(part), own)));
      return new Parts(
          encoders,
          layers.stream().filter(layer -> layer.name().startsWith(LayerNames.COMBINER)).toList());
    }

    /** The input that a layer of an encoder is of; of names that begin alike the longest. */
    private static String part(String layer, List<String> groups) {
      return groups.stream()
          .filter(group -> layer.startsWith(LayerNames.ENCODER + group + "/"))
          .max(Comparator.comparingInt(String::length))
          .orElse(COLUMNS);
    }
  }

  /**
   * Compares two networks.
   *
   * @param from the one that was trained before
   * @param definition the one to train
   * @param features its fitted feature groups
   * @param inputs the feature groups whose encoders must be taken over; empty for all that fit
   * @param where the place of the former network, for messages
   * @throws InvalidInput (configuration) with all that does not fit of what must be taken over, or
   *     if nothing fits
   */
  public static Transfer of(
      PretrainedNetwork from,
      NetworkDefinition definition,
      List<FittedGroup> features,
      List<String> inputs,
      String where) {
    Network theirs = from.network();
    Parts ours = Parts.of(definition.initial(new UpdaterSpec.Sgd(1), 1), definition);
    Parts known = Parts.of(theirs, from.definition());
    Set<String> kept = new LinkedHashSet<>();
    features.stream().filter(from.features()::contains).forEach(group -> kept.add(group.name()));
    Map<String, float[]> taken = new LinkedHashMap<>();
    Map<String, String> others = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    float[] parameters = from.parameters();
    ours.encoders.forEach(
        (name, encoder) -> {
          List<String> misfits = misfits(encoder, known.encoders.get(name), kept);
          if (misfits.isEmpty()) {
            take(
                encoder.layers, requireNonNull(known.encoders.get(name)).layers, parameters, taken);
            return;
          }
          others.put(name, String.join("; ", misfits));
          if (inputs.isEmpty() || encoder.groups.stream().anyMatch(inputs::contains)) {
            misfits.forEach(
                misfit -> problems.add("%s: encoder of %s: %s".formatted(where, name, misfit)));
          }
        });
    if ((!inputs.isEmpty() && !problems.isEmpty()) || taken.isEmpty()) {
      throw InvalidInput.configuration(
          problems.isEmpty()
              ? List.of(where + ": there must be an encoder to take over, got none")
              : problems);
    }
    List<String> behind =
        others.isEmpty() && ours.encoders.keySet().equals(known.encoders.keySet())
            ? differences(ours.combiner, known.combiner)
            : List.of("its encoders are others");
    if (behind.isEmpty()) {
      take(ours.combiner, known.combiner, parameters, taken);
    }
    others.put(
        HEAD,
        behind.isEmpty() || ours.combiner.isEmpty()
            ? "predicts"
            : "predicts; of the combiner " + String.join("; ", behind));
    return new Transfer(taken, others, from.isGeneral());
  }

  private static List<String> misfits(Encoder ours, @Nullable Encoder theirs, Set<String> kept) {
    if (theirs == null) {
      return List.of("there must be one, got none");
    }
    if (!ours.groups.equals(theirs.groups)) {
      return List.of(
          "the feature groups that it reads must be %s as here, got %s"
              .formatted(ours.groups, theirs.groups));
    }
    List<String> fitted = ours.groups.stream().filter(group -> !kept.contains(group)).toList();
    return fitted.isEmpty()
        ? differences(ours.layers, theirs.layers)
        : List.of(
            "the fitted steps of all its feature groups must be those there, of %s they are not"
                .formatted(String.join(", ", fitted)));
  }

  /** The layers that are not the same: the first says enough where there are more of one. */
  private static List<String> differences(List<NamedLayer> ours, List<NamedLayer> theirs) {
    Map<String, String> there = new LinkedHashMap<>();
    theirs.forEach(layer -> there.put(layer.name(), layer.architecture()));
    List<String> differences = new ArrayList<>();
    for (NamedLayer layer : ours) {
      String other = there.remove(layer.name());
      // Dropout may come and go: it has no parameters.
      if (!layer.architecture().equals(other) && (other != null || layer.parameters() > 0)) {
        differences.add(
            "layer %s must be %s as here, got %s"
                .formatted(layer.name(), layer.architecture(), other == null ? "none" : other));
      }
    }
    theirs.stream()
        .filter(layer -> there.containsKey(layer.name()) && layer.parameters() > 0)
        .forEach(
            layer ->
                differences.add(
                    "layer %s must not be there as here, got %s"
                        .formatted(layer.name(), layer.architecture())));
    return differences;
  }

  private static void take(
      List<NamedLayer> ours,
      List<NamedLayer> theirs,
      float[] parameters,
      Map<String, float[]> taken) {
    Map<String, NamedLayer> there = new LinkedHashMap<>();
    theirs.forEach(layer -> there.put(layer.name(), layer));
    for (NamedLayer layer : ours) {
      int count = layer.parameters();
      int at = count == 0 ? 0 : requireNonNull(there.get(layer.name())).from();
      taken.put(layer.name(), Arrays.copyOfRange(parameters, at, at + count));
    }
  }

  /** The names of the layers with parameters that are taken over. */
  public List<String> layers() {
    return taken.entrySet().stream()
        .filter(layer -> layer.getValue().length > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The encoders that are new by the names of their inputs, and the head. */
  public Stream<String> reasons() {
    return others.entrySet().stream().map(other -> other.getKey() + ": " + other.getValue());
  }
}
