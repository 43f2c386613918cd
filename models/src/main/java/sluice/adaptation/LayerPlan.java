package sluice.adaptation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptSettings.Lora;
import sluice.adaptation.AdaptSettings.Matrices;
import sluice.data.InvalidInput;
import sluice.network.NamedLayer;
import sluice.network.layers.LowRank.Adapter;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.TransformerBlock;

/** What becomes of each layer of a network while it is fine-tuned, by the layers' names. */
final class LayerPlan {
  /** For layers that never learn. */
  static final int NEVER = Integer.MAX_VALUE;

  private final Map<String, Fate> fates = new LinkedHashMap<>();

  /**
   * What becomes of a layer.
   *
   * @param learnsFrom the epoch, from 0, from which on it learns
   * @param passesFrom the epoch from which on a layer below learns, so that gradients must pass
   * @param rate by what its learning rate is multiplied
   * @param adapters that learn in its place
   */
  record Fate(int learnsFrom, int passesFrom, double rate, List<Adapter> adapters) {
    Fate {
      adapters = List.copyOf(adapters);
    }
  }

  /**
   * @param layers of the network, in an order in which each comes behind those that it reads
   * @param taken the names of those that were taken over
   * @throws InvalidInput (configuration) with all that the settings name wrongly
   */
  LayerPlan(List<NamedLayer> layers, Iterable<String> taken, AdaptSettings settings) {
    NavigableSet<String> known = new TreeSet<>();
    taken.forEach(known::add);
    List<String> problems = new ArrayList<>();
    NavigableSet<String> frozen = frozen(layers, known, settings.freeze(), problems);
    Map<String, Double> given = rates(layers, settings.rates().layers(), problems);
    Map<String, Integer> depths = depths(layers, known);
    @Nullable Lora lora = settings.lora();
    Map<String, Integer> learns = new HashMap<>();
    Map<String, Integer> passes = new HashMap<>();
    boolean adapted = false;
    for (NamedLayer layer : layers) {
      String name = layer.name();
      int below =
          layer.below().stream()
              .mapToInt(
                  read -> Math.min(learns.getOrDefault(read, 0), passes.getOrDefault(read, 0)))
              .min()
              .orElse(NEVER);
      int depth = depths.getOrDefault(name, 0);
      List<Adapter> adapters =
          lora == null || !known.contains(name) || frozen.contains(name)
              ? List.of()
              : adapters(layer.layer().conf().getLayer(), lora.targets());
      adapted |= !adapters.isEmpty();
      int from = 0;
      if (frozen.contains(name)) {
        from = NEVER;
      } else if (known.contains(name) && layer.parameters() == 0) {
        // It learns nothing, but drops, say, what those below learn by.
        from = below;
      } else if (known.contains(name) && lora != null) {
        from = adapters.isEmpty() ? NEVER : 0;
      } else if (known.contains(name) && settings.unfreezeEvery() != null) {
        from = (int) Math.min(Integer.MAX_VALUE, (long) depth * settings.unfreezeEvery());
      }
      learns.put(name, from);
      passes.put(name, below);
      if (below < from && layer.layer().conf().getLayer() instanceof BatchNormalization) {
        problems.add(
            "freeze: %s normalises batches, and so must not be frozen above layers that learn, got %s"
                .formatted(name, layer.below()));
      }
      fates.put(
          name,
          new Fate(
              from,
              below,
              given.getOrDefault(name, Math.pow(settings.rates().divisor(), -depth)),
              adapters));
    }
    if (lora != null && !adapted) {
      problems.add(
          "lora.targets: a layer that is taken over must have such a matrix, got %s of %s"
              .formatted(lora.targets(), String.join(", ", known)));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(
          problems.stream().map(problem -> "train.adapt." + problem).toList());
    }
  }

  private static List<String> names(List<NamedLayer> layers) {
    return layers.stream().filter(layer -> layer.parameters() > 0).map(NamedLayer::name).toList();
  }

  private static NavigableSet<String> frozen(
      List<NamedLayer> layers,
      NavigableSet<String> taken,
      List<String> given,
      List<String> problems) {
    NavigableSet<String> frozen = new TreeSet<>();
    for (String name : given) {
      List<String> meant =
          layers.stream()
              .map(NamedLayer::name)
              .filter(layer -> LayerNames.means(name, layer))
              .toList();
      if (meant.isEmpty()) {
        problems.add(LayerNames.none("freeze", name, names(layers)));
      }
      meant.stream()
          .filter(layer -> !taken.contains(layer))
          .findFirst()
          .ifPresent(
              layer ->
                  problems.add(
                      "freeze must name layers that are taken over, got %s: %s is new"
                          .formatted(name, layer)));
      frozen.addAll(meant);
    }
    return frozen;
  }

  private static Map<String, Double> rates(
      List<NamedLayer> layers, Map<String, Double> given, List<String> problems) {
    Map<String, Double> rates = new HashMap<>();
    given.keySet().stream()
        .sorted(Comparator.comparingInt(String::length))
        .forEach(
            name -> {
              List<String> meant =
                  names(layers).stream().filter(layer -> LayerNames.means(name, layer)).toList();
              if (meant.isEmpty()) {
                problems.add(LayerNames.none("rates.layers", name, names(layers)));
              }
              meant.forEach(layer -> rates.put(layer, given.get(name)));
            });
    return rates;
  }

  /**
   * How many layers with parameters that were taken over stand from a layer up to what is new, it
   * included, by the longest way; none of what is new.
   */
  private static Map<String, Integer> depths(List<NamedLayer> layers, NavigableSet<String> taken) {
    Map<String, Integer> above = new HashMap<>();
    Map<String, Integer> depths = new HashMap<>();
    List<NamedLayer> downwards = new ArrayList<>(layers);
    Collections.reverse(downwards);
    for (NamedLayer layer : downwards) {
      int depth = above.getOrDefault(layer.name(), 0);
      if (taken.contains(layer.name()) && layer.parameters() > 0) {
        depth++;
        depths.put(layer.name(), depth);
      }
      int own = depth;
      layer.below().forEach(read -> above.merge(read, own, Math::max));
    }
    return depths;
  }

  private static List<Adapter> adapters(Layer layer, List<Matrices> targets) {
    List<Adapter> adapters = new ArrayList<>();
    if (layer instanceof SelfAttention attention) {
      attention(Math.toIntExact(attention.getNOut()), targets, adapters);
    } else if (layer instanceof TransformerBlock block) {
      int width = Math.toIntExact(block.getNOut());
      attention(width, targets, adapters);
      if (targets.contains(Matrices.CONNECTED)) {
        adapters.add(new Adapter(TransformerBlock.HIDDEN, 0, block.getHidden()));
        adapters.add(new Adapter(TransformerBlock.BACK, 0, width));
      }
    } else if (layer.getClass() == DenseLayer.class && targets.contains(Matrices.CONNECTED)) {
      int width = Math.toIntExact(((DenseLayer) layer).getNOut());
      adapters.add(new Adapter(DefaultParamInitializer.WEIGHT_KEY, 0, width));
    }
    return adapters;
  }

  /** Queries, keys and values stand side by side. */
  private static void attention(int width, List<Matrices> targets, List<Adapter> adapters) {
    List<String> names = SelfAttention.parameterNames();
    for (Matrices target : targets) {
      switch (target) {
        case QUERY -> adapters.add(new Adapter(names.get(0), 0, width));
        case KEY -> adapters.add(new Adapter(names.get(0), width, width));
        case VALUE -> adapters.add(new Adapter(names.get(0), 2 * width, width));
        case OUTPUT -> adapters.add(new Adapter(names.get(2), 0, width));
        case CONNECTED -> {}
      }
    }
  }

  /** What becomes of a layer. */
  Fate of(String layer) {
    Fate fate = fates.get(layer);
    if (fate == null) {
      throw new IllegalStateException("no layer " + layer);
    }
    return fate;
  }

  /** The epochs, from 0, from which on other layers learn than before, the first among them. */
  NavigableSet<Integer> begins() {
    NavigableSet<Integer> begins = new TreeSet<>(List.of(0));
    fates.values().stream()
        .map(Fate::learnsFrom)
        .filter(from -> from != NEVER)
        .forEach(begins::add);
    return begins;
  }
}
