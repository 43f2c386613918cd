package sluice.bundle;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sluice.adaptation.AdaptedFrom;
import sluice.adaptation.PretrainedNetwork;
import sluice.clean.Cleaning;
import sluice.clean.Rules;
import sluice.data.Extensions;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.NamedTypes;
import sluice.data.Sha256;
import sluice.data.ValueNotation;
import sluice.decision.Decision;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.network.spec.Combiner;
import sluice.network.spec.Encoder;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.NumberLabel;
import sluice.normalise.SetLabel;
import sluice.normalise.Steps;
import sluice.normalise.TagsLabel;

/**
 * All that is needed to score: the rules that apply to every record, the fitted preprocessing, the
 * network. It is a handful of files, JSON and plain little-endian floats, each under a SHA-256,
 * that are read alike by Spark jobs and by a Java program without Spark. Reading one runs no code
 * that came with it.
 *
 * @param cleaning the rules at = always, over the columns of a raw record without its label
 * @param preprocessing what was fitted on the train rows
 * @param definition the network but for its parameters
 * @param parameters of the network
 * @param provenance what the bundle was made from
 * @param decisions for each label what makes classes of the network's probabilities
 * @param notation how the rows that were trained with wrote their values
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record ModelBundle(
    Cleaning cleaning,
    FittedPreprocessing preprocessing,
    NetworkDefinition definition,
    float[] parameters,
    Provenance provenance,
    List<Decision> decisions,
    ValueNotation notation)
    implements PretrainedNetwork {

  /**
   * The version of the layout of a bundle that decides on the most probable class and reads values
   * in the standard notation.
   */
  private static final int FORMAT = 2;

  /** The same with a file more, which holds another decision. */
  private static final int FORMAT_WITH_DECISION = 3;

  /** With a file for another notation of values, and one for the decision if it has one. */
  private static final int FORMAT_WITH_NOTATION = 4;

  /**
   * Networks of several targets, as 5 has them, whose inputs are described by their axes; files for
   * a decision and a notation if it has them.
   */
  private static final int FORMAT_WITH_AXES = 6;

  /** The families of types in a bundle to which extensions may add. */
  private static final List<NamedTypes<?>> EXTENDED =
      List.of(Rules.TYPES, Steps.FITTED, Encoder.TYPES, Combiner.TYPES);

  /** The file that tells a bundle. */
  public static final String INDEX = "bundle.json";

  /** What computed products of matrices, in {@link Provenance#machine}. */
  public static final String PRODUCTS = "products";

  private static final String CLEANING = "cleaning.json";
  private static final String PREPROCESSING = "preprocessing.json";
  private static final String NETWORK = "network.json";

  /** The file of the parameters, little-endian floats. */
  public static final String PARAMETERS = "parameters.bin";

  private static final String PROVENANCE = "provenance.json";
  private static final String DECISION = "decision.json";
  private static final String NOTATION = "notation.json";

  /**
   * What {@code bundle.json} holds.
   *
   * @param format of the bundle's layout
   * @param id the bundle's name: the first 128 bits of the SHA-256 over its files
   * @param files the SHA-256 of every other file
   */
  private record Index(int format, String id, Map<String, String> files) {}

  /** Reads one file of a bundle. */
  @FunctionalInterface
  public interface BundleFiles {
    /**
     * The content of the file with this name in the bundle.
     *
     * @param most the most bytes that it may have
     * @throws InvalidInput (data) if it has more, or is no file of the bundle's folder
     */
    byte[] read(String name, long most) throws IOException;
  }

  public ModelBundle {
    decisions = List.copyOf(decisions);
  }

  /**
   * A bundle that decides on the most probable class by what the network says, and reads values in
   * the standard notation.
   */
  public ModelBundle(
      Cleaning cleaning,
      FittedPreprocessing preprocessing,
      NetworkDefinition definition,
      float[] parameters,
      Provenance provenance) {
    this(
        cleaning,
        preprocessing,
        definition,
        parameters,
        provenance,
        undecided(preprocessing),
        ValueNotation.STANDARD);
  }

  private static List<Decision> undecided(FittedPreprocessing preprocessing) {
    return Collections.nCopies(preprocessing.labels().size(), Decision.NONE);
  }

  /** The same network with the most probable class of what it says for its decision. */
  public ModelBundle undecided() {
    return decided(undecided(preprocessing));
  }

  /** The same network with another decision for each label. */
  public ModelBundle decided(List<Decision> other) {
    return new ModelBundle(
        cleaning, preprocessing, definition, parameters, provenance, other, notation);
  }

  /** The same network that reads values in another notation. */
  public ModelBundle reading(ValueNotation other) {
    return new ModelBundle(
        cleaning, preprocessing, definition, parameters, provenance, decisions, other);
  }

  private ModelBundle withInputs(List<TensorSpec> inputs) {
    return new ModelBundle(
        cleaning,
        preprocessing,
        definition.withInputs(inputs),
        parameters,
        provenance,
        decisions,
        notation);
  }

  /** The labels that are predicted, in order. */
  public List<BundleTarget> targets() {
    return IntStream.range(0, preprocessing.labels().size())
        .mapToObj(index -> new BundleTarget(this, index))
        .toList();
  }

  /**
   * The rules over no more columns than decide the features or whether a row is rejected. A column
   * that only the split needed, or that the rules drop, is not among its input.
   */
  public Cleaning needed() {
    return cleaning.narrowedTo(preprocessing.input().names());
  }

  /** Whether {@link #needed} has a rule that only Spark can compute. To ask takes no Spark. */
  public boolean needsSpark() {
    return cleaning.needsSpark(preprocessing.input().names());
  }

  /** A name made of the bundle's content: the same content, the same id. */
  public String id() {
    return id(digests(content()));
  }

  /** The SHA-256 over those of its files, whose first half is its id. */
  @Override
  public String sha256() {
    return sha256(digests(content()));
  }

  /** What came of such a network is one. */
  @Override
  public boolean isGeneral() {
    AdaptedFrom from = provenance.adapted();
    return from != null && Boolean.TRUE.equals(from.general());
  }

  @Override
  public String title() {
    return "bundle " + id();
  }

  @Override
  public List<FittedGroup> features() {
    return preprocessing.features();
  }

  /** The bundle as files, by name. */
  public SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = content();
    SortedMap<String, String> digests = digests(files);
    files.put(INDEX, utf8(Json.write(new Index(FORMAT_WITH_AXES, id(digests), digests))));
    return files;
  }

  private SortedMap<String, byte[]> content() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(CLEANING, utf8(Json.write(cleaning)));
    files.put(PREPROCESSING, utf8(Json.write(preprocessing)));
    files.put(NETWORK, utf8(Json.write(definition)));
    ByteBuffer buffer =
        ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(parameters);
    files.put(PARAMETERS, buffer.array());
    files.put(PROVENANCE, utf8(Json.write(provenance)));
    if (!decisions.equals(undecided(preprocessing))) {
      files.put(DECISION, utf8(Json.write(decisions.size() == 1 ? decisions.get(0) : decisions)));
    }
    if (!notation.equals(ValueNotation.STANDARD)) {
      files.put(NOTATION, utf8(Json.write(notation)));
    }
    return files;
  }

  /**
   * Reads a bundle from a local directory.
   *
   * @throws InvalidInput (data) if a file is missing, was changed or cannot be understood
   */
  public static ModelBundle load(Path directory) {
    return of((name, most) -> ForeignFile.read(directory, name, most), directory.toString());
  }

  /**
   * Reads a bundle from its {@link #files}, as executors get them.
   *
   * @throws InvalidInput (data) if a file is missing, was changed or cannot be understood
   */
  public static ModelBundle of(Map<String, byte[]> files) {
    return of(
        (name, most) -> {
          byte[] content = files.get(name);
          if (content == null) {
            throw new FileNotFoundException(name);
          }
          return content;
        },
        "the bundle");
  }

  /**
   * Reads a bundle. It may be anybody's: whatever its files hold, no code of theirs runs, no more
   * is read than the heap can bear, and what does not fit together is refused.
   *
   * @param where the bundle's place, for messages
   * @throws InvalidInput (data) if a file is missing, was changed or cannot be understood;
   *     (configuration) if an extension on the class path fails, or adds what cannot be added to
   *     the types of a bundle
   */
  public static ModelBundle of(BundleFiles source, String where) {
    List<String> problems = Extensions.problems(EXTENDED);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    Index index = Json.read(text(read(source, INDEX, where)), Index.class, where + "/" + INDEX);
    if (index.format() < FORMAT || index.format() > FORMAT_WITH_AXES) {
      throw InvalidInput.data(
          "%s/%s: format must be from %s to %s, got %s"
              .formatted(where, INDEX, FORMAT, FORMAT_WITH_AXES, index.format()));
    }
    List<String> names =
        new ArrayList<>(List.of(CLEANING, PREPROCESSING, NETWORK, PARAMETERS, PROVENANCE));
    boolean lists = index.format() >= FORMAT_WITH_NOTATION;
    if (index.format() == FORMAT_WITH_DECISION || (lists && index.files().containsKey(DECISION))) {
      names.add(DECISION);
    }
    if (index.format() == FORMAT_WITH_NOTATION || (lists && index.files().containsKey(NOTATION))) {
      names.add(NOTATION);
    }
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String name : names) {
      byte[] content = read(source, name, where);
      String expected = index.files().get(name);
      String actual = Sha256.hexOf(content);
      if (!actual.equals(expected)) {
        throw InvalidInput.data(
            "%s/%s: the SHA-256 must be %s as %s says, got %s"
                .formatted(where, name, expected, INDEX, actual));
      }
      files.put(name, content);
    }
    ByteBuffer bytes = ByteBuffer.wrap(take(files, PARAMETERS)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() % Float.BYTES != 0) {
      throw InvalidInput.data(
          String.format(
              Locale.ROOT,
              "%s/%s: must hold numbers of %s bytes each, got %,d bytes",
              where,
              PARAMETERS,
              Float.BYTES,
              bytes.remaining()));
    }
    float[] parameters = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(parameters);
    requireFinite(parameters, where + "/" + PARAMETERS);
    FittedPreprocessing preprocessing =
        json(files, PREPROCESSING, FittedPreprocessing.class, where);
    ModelBundle bundle =
        new ModelBundle(
            json(files, CLEANING, Cleaning.class, where),
            preprocessing,
            json(files, NETWORK, NetworkDefinition.class, where),
            parameters,
            json(files, PROVENANCE, Provenance.class, where),
            files.containsKey(DECISION)
                ? decisions(files, preprocessing, where)
                : undecided(preprocessing),
            files.containsKey(NOTATION)
                ? json(files, NOTATION, ValueNotation.class, where)
                : ValueNotation.STANDARD);
    bundle.checkInputs(where + "/" + NETWORK);
    bundle.checkTargets(where + "/" + NETWORK);
    bundle.checkDecisions(where + "/" + DECISION);
    return bundle.withInputs(preprocessing.schema().inputs());
  }

  private static void requireFinite(float[] parameters, String where) {
    for (int i = 0; i < parameters.length; i++) {
      if (!Float.isFinite(parameters[i])) {
        throw InvalidInput.data(
            String.format(
                Locale.ROOT,
                "%s: must hold finite numbers, has %s as number %,d of %,d",
                where,
                parameters[i],
                i + 1,
                parameters.length));
      }
    }
  }

  private static List<Decision> decisions(
      SortedMap<String, byte[]> files, FittedPreprocessing preprocessing, String where) {
    if (preprocessing.labels().size() == 1) {
      return List.of(json(files, DECISION, Decision.class, where));
    }
    Decision[] decisions = json(files, DECISION, Decision[].class, where);
    if (decisions.length != preprocessing.labels().size()
        || Arrays.stream(decisions).anyMatch(Objects::isNull)) {
      throw InvalidInput.data(
          "%s/%s: must hold a decision for each of the %s labels, got %s"
              .formatted(
                  where, DECISION, preprocessing.labels().size(), Arrays.toString(decisions)));
    }
    return List.of(decisions);
  }

  /** The network must take what the preprocessing makes; counted first, as names can be many. */
  private void checkInputs(String where) {
    List<Long> made = preprocessing.features().stream().map(FittedGroup::width).toList();
    List<Long> taken = definition.inputs().stream().map(group -> (long) group.size()).toList();
    if (!made.equals(taken)) {
      throw InvalidInput.data(
          "%s: the network must take feature groups of %s values as %s makes, got %s"
              .formatted(where, made, PREPROCESSING, taken));
    }
    List<Long> named = preprocessing.features().stream().map(FittedGroup::named).toList();
    List<Long> names =
        definition.inputs().stream().map(group -> (long) group.names().size()).toList();
    if (!named.equals(names)) {
      throw InvalidInput.data(
          "%s: the network must have names for %s values of the feature groups as %s makes, got %s"
              .formatted(where, named, PREPROCESSING, names));
    }
    List<TensorSpec> groups = preprocessing.schema().inputs();
    for (int g = 0; g < groups.size(); g++) {
      // Up to format 5 a network took the numbers of pictures that were not stored as bytes.
      if (!groups.get(g).equals(definition.inputs().get(g))
          && !groups.get(g).decoded().equals(definition.inputs().get(g))) {
        throw InvalidInput.data(
            "%s: feature group %s must be %s as %s makes it, got one that differs"
                .formatted(where, g + 1, groups.get(g).name(), PREPROCESSING));
      }
    }
  }

  private void checkTargets(String where) {
    List<FittedLabel> labels = preprocessing.labels();
    List<Target> targets = definition.targets();
    boolean fit = !labels.isEmpty() && labels.size() == targets.size();
    for (int t = 0; fit && t < targets.size(); t++) {
      // Older bundles do not name their one target.
      fit =
          targets.get(t).classCount() == classCount(labels.get(t))
              && (labels.size() == 1 || targets.get(t).name().equals(labels.get(t).column()));
    }
    if (!fit) {
      throw InvalidInput.data(
          "%s: the network must predict the labels %s, got %s".formatted(where, labels, targets));
    }
  }

  private static int classCount(FittedLabel label) {
    if (label instanceof TagsLabel tags) {
      return tags.tags().size();
    }
    if (label instanceof SetLabel sets) {
      return sets.names().size();
    }
    return label instanceof ClassLabel classes
        ? classes.classes().size()
        : label instanceof NumberLabel ? 0 : -1;
  }

  private void checkDecisions(String where) {
    for (BundleTarget target : targets()) {
      String misfit = target.decision().misfit(target.label().decidable());
      if (!misfit.isEmpty()) {
        throw InvalidInput.data(
            "%s: %s, got %s for the label %s"
                .formatted(where, misfit, target.decision(), target.fitted()));
      }
    }
  }

  private static <T> T json(
      SortedMap<String, byte[]> files, String name, Class<T> type, String where) {
    return Json.read(text(take(files, name)), type, where + "/" + name);
  }

  private static byte[] take(SortedMap<String, byte[]> files, String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw new IllegalStateException(name);
    }
    return content;
  }

  private static byte[] read(BundleFiles source, String name, String where) {
    try {
      return source.read(
          name, name.equals(PARAMETERS) ? ForeignFile.mostNumbers() : ForeignFile.mostText());
    } catch (IOException e) {
      throw InvalidInput.data(
          "%s/%s: a bundle must have this file, and it cannot be read: %s"
              .formatted(where, name, e));
    }
  }

  private static SortedMap<String, String> digests(SortedMap<String, byte[]> files) {
    SortedMap<String, String> digests = new TreeMap<>();
    files.forEach((name, content) -> digests.put(name, Sha256.hexOf(content)));
    return digests;
  }

  private static String id(SortedMap<String, String> digests) {
    return sha256(digests).substring(0, 32);
  }

  private static String sha256(SortedMap<String, String> digests) {
    return Sha256.hexOf(utf8(digests.toString()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
