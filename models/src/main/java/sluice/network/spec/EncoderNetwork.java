package sluice.network.spec;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Target;

/**
 * An encoder for each part of an example, a combiner of their vectors, a decoder for each target. A
 * feature group that is named has the encoder of that name; all others together are the part
 * {@value #COLUMNS}.
 *
 * @param inputs the encoders by the names of feature groups, and of {@value #COLUMNS} where its
 *     encoder is not the standard one
 * @param combiner of the encoders' vectors
 * @param outputs the decoders by the names of labels, where they are more than an output layer
 * @param loss what training makes small for labels whose decoders have no loss of their own
 * @param weighting what the losses of several labels count for; null in bundles from before there
 *     was a choice
 * @param l2 factor of the squared weights (neither biases nor embeddings) in the loss, divided by
 *     two; null leaves it to the training, and is 0 where a feature group is a series: with small
 *     recurrent weights what was read is soon forgotten (Pascanu et al. 2013, section 3.1)
 */
public record EncoderNetwork(
    Map<String, Encoder> inputs,
    Combiner combiner,
    Map<String, Decoder> outputs,
    Loss loss,
    @Nullable Weighting weighting,
    @Auto @Nullable Double l2)
    implements NetworkSpec {
  /** The part of all feature groups that have no encoder of their own. */
  public static final String COLUMNS = "columns";

  public EncoderNetwork {
    inputs = java.util.Collections.unmodifiableMap(new TreeMap<>(inputs));
    outputs = java.util.Collections.unmodifiableMap(new TreeMap<>(outputs));
    OutputLayers.checkPenalties(0, l2 == null ? 0 : l2);
    weighting = weighting == null ? Weighting.FIXED : weighting;
  }

  /** A network whose losses have fixed weights. */
  public EncoderNetwork(
      Map<String, Encoder> inputs,
      Combiner combiner,
      Map<String, Decoder> outputs,
      Loss loss,
      @Nullable Double l2) {
    this(inputs, combiner, outputs, loss, Weighting.FIXED, l2);
  }

  /**
   * The network that suits these groups: pictures by residual networks, series by transformers, of
   * weighted indices by bags, the rest as columns.
   */
  public static EncoderNetwork standard(List<TensorSpec> groups) {
    Map<String, Encoder> inputs = new TreeMap<>();
    for (TensorSpec group : groups) {
      if (group.isPicture()) {
        inputs.put(group.name(), ResNetEncoder.standard());
      } else if (group.isWeighted()) {
        inputs.put(group.name(), BagEncoder.standard());
      } else if (group.isSeries()) {
        inputs.put(group.name(), SequenceTransformerEncoder.standard());
      }
    }
    return new EncoderNetwork(inputs, Concatenation.plain(), Map.of(), Loss.AUTO, null);
  }

  /** The encoder of columns that have none. */
  public static Encoder standardColumns() {
    return MlpEncoder.standard();
  }

  /** The network of one encoder, over the group or the part of this name. */
  static EncoderNetwork of(String name, Encoder encoder, Loss loss, @Nullable Double l2) {
    return new EncoderNetwork(Map.of(name, encoder), Concatenation.plain(), Map.of(), loss, l2);
  }

  @Override
  public NetworkSpec taking(List<TensorSpec> groups, PretrainedEncoder.Source from) {
    List<String> problems = new ArrayList<>();
    for (TensorSpec group : groups) {
      if (inputs.get(group.name()) instanceof PretrainedEncoder) {
        from.misfit(group)
            .ifPresent(
                misfit -> problems.add("model.inputs.%s: %s".formatted(group.name(), misfit)));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    return with(
        group ->
            inputs.get(group.name()) instanceof PretrainedEncoder asked
                ? from.encoder(group, asked)
                : inputs.get(group.name()),
        groups);
  }

  /** This, with these encoders of feature groups, null for none of its own. */
  EncoderNetwork with(Function<TensorSpec, @Nullable Encoder> encoders, List<TensorSpec> groups) {
    Map<String, Encoder> others = new TreeMap<>(inputs);
    for (TensorSpec group : groups) {
      Encoder encoder = encoders.apply(group);
      if (encoder != null) {
        others.put(group.name(), encoder);
      }
    }
    return new EncoderNetwork(others, combiner, outputs, loss, weighting, l2);
  }

  @Override
  public List<String> pretrained() {
    return inputs.entrySet().stream()
        .filter(input -> input.getValue() instanceof PretrainedEncoder)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A part of an example and its encoder. */
  private record Part(String prefix, List<TensorSpec> groups, Encoder encoder) {
    static Part of(String name, List<TensorSpec> groups, Encoder encoder) {
      return new Part(EncoderNetwork.prefix(name), groups, encoder);
    }
  }

  /** What the names of the layers begin with that encode a feature group or the part of columns. */
  public static String prefix(String name) {
    return "encoder/" + name + "/";
  }

  /** The parts: the columns first, then the groups with encoders of their own. */
  private List<Part> parts(List<TensorSpec> groups) {
    Map<String, TensorSpec> own = new LinkedHashMap<>();
    List<TensorSpec> columns = new ArrayList<>();
    for (TensorSpec group : groups) {
      if (inputs.containsKey(group.name()) && !group.name().equals(COLUMNS)) {
        own.put(group.name(), group);
      } else {
        columns.add(group);
      }
    }
    List<String> problems =
        misfits(inputs.keySet(), groups.stream().map(TensorSpec::name).toList());
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    List<Part> parts = new ArrayList<>();
    if (!columns.isEmpty()) {
      Encoder encoder = inputs.get(COLUMNS);
      parts.add(Part.of(COLUMNS, columns, encoder == null ? standardColumns() : encoder));
    }
    own.forEach(
        (name, group) -> {
          Encoder encoder = inputs.get(name);
          if (encoder != null) {
            parts.add(Part.of(name, List.of(group), encoder));
          }
        });
    return parts;
  }

  /** Which of these encoders are of no feature group: all problems, or none. */
  private static List<String> misfits(Iterable<String> encoders, List<String> groups) {
    List<String> problems = new ArrayList<>();
    List<String> left = new ArrayList<>(groups);
    for (String name : encoders) {
      if (!name.equals(COLUMNS) && !left.remove(name)) {
        problems.add(
            "model.inputs.%s is no feature group, there are %s"
                .formatted(name, String.join(", ", groups)));
      }
    }
    for (String name : encoders) {
      if (name.equals(COLUMNS) && left.isEmpty() && problems.isEmpty()) {
        problems.add("model.inputs.columns: every feature group has an encoder of its own");
      }
    }
    return problems;
  }

  @Override
  public List<String> problems(List<String> groups, List<String> targets) {
    List<String> problems = new ArrayList<>(misfits(inputs.keySet(), groups));
    if (inputs.get(COLUMNS) instanceof PretrainedEncoder && !groups.contains(COLUMNS)) {
      problems.add("model.inputs.columns must not be pretrained, which is of one feature group");
    }
    for (String name : outputs.keySet()) {
      if (!targets.contains(name)) {
        problems.add(
            "model.outputs.%s is no label, there are %s"
                .formatted(name, String.join(", ", targets)));
      }
    }
    if (weighting == Weighting.UNCERTAINTY && targets.size() == 1) {
      problems.add("model.weighting uncertainty needs several labels, there is " + targets.get(0));
    }
    return problems;
  }

  /** Without the penalty that is left open where a group is a series. */
  @Override
  public NetworkSpec settled(List<TensorSpec> groups) {
    return groups.stream().anyMatch(TensorSpec::isSeries) ? withL2(0) : this;
  }

  @Override
  public boolean readsSeries(String group, Element of) {
    Encoder encoder = inputs.get(group);
    return encoder != null && !group.equals(COLUMNS) && encoder.readsSeries(of);
  }

  @Override
  public List<String> tagProblems(String label, String group) {
    List<String> problems = new ArrayList<>();
    if (!(inputs.get(group) instanceof SeriesEncoder) || group.equals(COLUMNS)) {
      problems.add(
          "model.inputs.%s must be recurrent, sequence-transformer or textcnn for a label of tags, as %s is"
              .formatted(group, label));
    }
    if (!decoder(label).hidden().isEmpty()) {
      problems.add(
          "model.outputs.%s.hidden must be empty for a label of tags, got %s"
              .formatted(label, decoder(label).hidden()));
    }
    if (weighting == Weighting.UNCERTAINTY) {
      problems.add(
          "model.weighting must be fixed with a label of tags, as %s is, got uncertainty"
              .formatted(label));
    }
    return problems;
  }

  @Override
  public double lossWeight(Target target) {
    return decoder(target.name()).weight();
  }

  @Override
  public boolean hasL2() {
    return l2 != null && l2 > 0;
  }

  @Override
  public Loss lossOf(String label) {
    @Nullable Loss own = decoder(label).loss();
    return own == null ? loss : own;
  }

  private Decoder decoder(String label) {
    Decoder own = outputs.get(label);
    return own == null ? Decoder.plain() : own;
  }

  @Override
  public boolean leavesL2ToTraining() {
    return l2 == null;
  }

  @Override
  public NetworkSpec withL2(double given) {
    return l2 == null
        ? new EncoderNetwork(inputs, combiner, outputs, loss, weighting, given)
        : this;
  }

  @Override
  public List<NetworkInput> inputs(List<TensorSpec> groups, ExampleLayout layout) {
    return read(groups, layout).stream().map(Encoder.Input::values).toList();
  }

  private List<Encoder.Input> read(List<TensorSpec> groups, ExampleLayout layout) {
    return parts(groups).stream()
        .flatMap(part -> part.encoder().inputs(part.prefix(), part.groups(), layout).stream())
        .toList();
  }

  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    if (l2 != null && l2 > 0) {
      training.l2(l2);
    }
    GraphBuilder graph = training.graphBuilder();
    List<Encoder.Input> read = read(groups, layout);
    graph.addInputs(read.stream().map(input -> input.values().name()).toList());
    graph.setInputTypes(read.stream().map(Encoder.Input::type).toArray(InputType[]::new));
    Map<String, String> steps = addSteps(graph, groups, targets);
    // Tags are made of the steps alone: without another target nothing reads one vector of all.
    @Nullable String combined =
        targets.stream().allMatch(Target::isOfSteps) ? null : addVectors(graph, groups, steps);
    String[] decoded =
        targets.stream()
            .map(
                target ->
                    decoder(target.name())
                        .addTo(
                            graph,
                            requireNonNull(
                                target.steps() == null ? combined : steps.get(target.steps().of())),
                            target,
                            lossOf(target.name()),
                            requireNonNull(weighting)))
            .toArray(String[]::new);
    return Network.of(graph.setOutputs(decoded).build());
  }

  /** Adds what gives the steps that are tagged, and says by group what the vertex is called. */
  private Map<String, String> addSteps(
      GraphBuilder graph, List<TensorSpec> groups, List<Target> targets) {
    List<String> problems = new ArrayList<>();
    List<String> tagged = new ArrayList<>();
    for (Target target : targets) {
      if (target.steps() != null) {
        problems.addAll(tagProblems(target.name(), target.steps().of()));
        tagged.add(target.steps().of());
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    Map<String, String> steps = new TreeMap<>();
    for (Part part : parts(groups)) {
      String group = part.groups().get(0).name();
      if (tagged.contains(group) && part.encoder() instanceof SeriesEncoder encoder) {
        steps.put(group, encoder.addSteps(graph, part.prefix(), part.groups()));
      }
    }
    return steps;
  }

  /** Adds what makes one vector of an example, and says what the vertex is called. */
  private String addVectors(
      GraphBuilder graph, List<TensorSpec> groups, Map<String, String> steps) {
    List<String> encoded = new ArrayList<>();
    for (Part part : parts(groups)) {
      String given = steps.get(part.groups().get(0).name());
      encoded.add(
          given != null && part.encoder() instanceof SeriesEncoder encoder
              ? encoder.addPooling(graph, part.prefix(), given)
              : part.encoder().addTo(graph, part.prefix(), part.groups()));
    }
    return combiner.addTo(graph, "combiner/", encoded);
  }
}
