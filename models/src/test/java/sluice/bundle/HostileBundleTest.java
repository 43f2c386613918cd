package sluice.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Cleaning;
import sluice.clean.Derive;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.data.ValueNotation;
import sluice.decision.Calibration;
import sluice.decision.Decision;
import sluice.network.Target;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Kind;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

/**
 * Bundles that anybody may have written. Their digests are right, as whoever changes a file can
 * change its digest too: it tells damage, not forgery.
 */
class HostileBundleTest {
  private static final String NOT_JSON =
      "not readable: Unexpected character ('\uFFFD' (code 65533 / 0xfffd)): expected a valid value"
          + " (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

  private Path bundle;
  private Path outside;

  @BeforeEach
  void in(@TempDir Path temporary) throws IOException {
    Path real = temporary.toRealPath();
    bundle = Files.createDirectory(real.resolve("bundle"));
    outside = Files.createDirectory(real.resolve("outside"));
    Files.writeString(outside.resolve("thesis.txt"), "years of work");
    write(honest().files());
  }

  /** Two numbers to two classes: {@code (2 + 1) * 2 + (2 + 1)} parameters. */
  private static ModelBundle honest() {
    DatasetContract input =
        new DatasetContract(
            List.of(new Field("a", FieldType.DOUBLE), new Field("b", FieldType.DOUBLE)));
    FittedPreprocessing fitted =
        new FittedPreprocessing(
            input,
            List.of(
                new FittedGroup(
                    "g",
                    List.of(
                        new FittedColumn("a", FieldType.DOUBLE, Kind.NUMBER, List.of()),
                        new FittedColumn("b", FieldType.DOUBLE, Kind.NUMBER, List.of())))),
            List.of(
                new ClassLabel(
                    "y", FieldType.STRING, List.of("no", "yes"), List.of(5L, 5L), "yes")));
    return Bundles.ofZeros(fitted, 2, List.of(Target.binary(1)));
  }

  private void write(Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(bundle.resolve(file.getKey()), file.getValue());
    }
  }

  private String text(String name) throws IOException {
    return Files.readString(bundle.resolve(name));
  }

  /** Writes a file and puts its digest into the index, as a forger does. */
  private void forge(String name, byte[] content) throws IOException {
    String before = Sha256.hexOf(Files.readAllBytes(bundle.resolve(name)));
    Files.write(bundle.resolve(name), content);
    if (!name.equals(ModelBundle.INDEX)) {
      Files.writeString(
          bundle.resolve(ModelBundle.INDEX),
          text(ModelBundle.INDEX).replace(before, Sha256.hexOf(content)));
    }
  }

  private void forge(String name, UnaryOperator<String> change) throws IOException {
    String before = text(name);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    forge(name, after.getBytes(StandardCharsets.UTF_8));
  }

  private void assertRefused(String message) throws IOException {
    Map<String, String> before = tree(outside);
    assertThatThrownBy(() -> Scorer.load(bundle))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message.replace("{}", bundle.toString()));
    assertThat(Gadget.runs()).isZero();
    assertThat(tree(outside)).isEqualTo(before);
  }

  @Test
  void otherProductsOfMatricesThanThoseOfTheTrainingAreSaid() throws IOException {
    assertThat(Scorer.load(bundle).warning()).isEmpty();
    forge(
        "provenance.json",
        text -> text.replace("\"machine\" : { }", "\"machine\" : { \"products\" : \"MKL\" }"));
    assertThat(Scorer.load(bundle).warning())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith(
                        "scores may differ in the last bits: the bundle was trained with products of"
                            + " matrices by MKL, here they are by oneDNN "));
  }

  /** Written by 0.1.0 itself, of the format that it knew; the probabilities are those it gave. */
  @Test
  void aBundleOfTheFirstVersionScoresAsItDid() throws Exception {
    Path old =
        Path.of(Objects.requireNonNull(HostileBundleTest.class.getResource("0.1.0")).toURI());
    assertThat(Files.readString(old.resolve(ModelBundle.INDEX))).contains("\"format\" : 2,");
    ModelBundle read = ModelBundle.load(old);
    assertThat(read.provenance().training()).isNull();
    assertThat(read.provenance().history()).hasSize(2);
    assertThat(read.decisions()).containsExactly(Decision.NONE);
    Scorer scorer = Scorer.load(old);
    assertYes(scorer.score(Map.of("age", "50", "city", "Rome")), 0.4378235f);
    assertYes(scorer.score(Map.of("age", " 2.5e1", "city", "Oslo")), 0.4073334f);
    assertThat(scorer.score(Map.of("age", "x", "city", "Bern")))
        .isInstanceOf(Prediction.Unscored.class);
    // Kept and read again it is the same network.
    ModelBundle again = ModelBundle.of(read.files());
    assertThat(again.parameters()).containsExactly(read.parameters());
    assertThat(again.cleaning()).isEqualTo(read.cleaning());
    assertThat(again.preprocessing()).isEqualTo(read.preprocessing());
    assertThat(again.provenance()).isEqualTo(read.provenance());
  }

  private static void assertYes(Prediction prediction, float probability) {
    assertThat(prediction)
        .isInstanceOfSatisfying(
            Prediction.OfClass.class,
            said -> {
              assertThat(said.predicted()).isEqualTo("no");
              assertThat(said.decision()).isEqualTo("no");
              assertThat(said.probabilities().getOrDefault("yes", Float.NaN))
                  .isCloseTo(probability, within(1e-6f));
            });
  }

  @Test
  void theHonestOneScores() {
    assertThat(Scorer.load(bundle).score(Map.of("a", 1.0, "b", 2.0)))
        .isInstanceOf(Prediction.OfClass.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bundle.json",
        "cleaning.json",
        "preprocessing.json",
        "network.json",
        "provenance.json"
      })
  void aSerialisedObjectOrDeepJsonInPlaceOfAFileIsRefused(String name) throws IOException {
    forge(name, Gadget.serialised());
    assertRefused("{}/%s: %s".formatted(name, NOT_JSON));
    write(honest().files());
    forge(name, "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    assertRefused("{}/%s: %s".formatted(name, deep(name)));
  }

  /** A record is looked at before what it holds. */
  private static String deep(String name) {
    String type =
        switch (name) {
          case "bundle.json" -> "sluice.bundle.ModelBundle$Index";
          case "cleaning.json" -> "sluice.clean.Cleaning";
          case "preprocessing.json" -> "sluice.normalise.FittedPreprocessing$Read$Fields";
          case "network.json" -> "sluice.network.spec.NetworkDefinition$Read$Fields";
          default -> "sluice.bundle.Provenance";
        };
    return "not readable: Cannot deserialize value of type `%s` from Array value (token `JsonToken.START_ARRAY`)"
        .formatted(type);
  }

  static Stream<Arguments> changes() {
    String gadget = "sluice.testing.Gadget";
    return Stream.of(
        change(
            "cleaning.json",
            "{",
            "{ \"@class\" : \"%s\",".formatted(gadget),
            "@class is none of [input, rules] of Cleaning"),
        change(
            "cleaning.json",
            "\"rules\" : [ ]",
            "\"rules\" : [ { \"type\" : \"%s\" } ]".formatted(gadget),
            "Could not resolve type id '%s' as a subtype of `sluice.clean.Rule`: known type ids = [cast, derive, drop-columns, drop-duplicates, drop-near-duplicates, mask-personal, missing, normalise-text, reject-language, reject-length, reject-missing, reject-outside, reject-quality, reject-unless-in, reject-unless-matching, rename, strip-html, trim]; a type of another jar needs that jar on the class path"
                .formatted(gadget)),
        change(
            "cleaning.json",
            "\"rules\" : [ ]",
            "\"rules\" : [ { \"type\" : \"trim\", \"columns\" : [ ], \"at\" : { \"@class\" : \"%s\" } } ]"
                .formatted(gadget),
            "Cannot deserialize value of type `sluice.clean.Rule$At` from Object value (token `JsonToken.START_OBJECT`)"),
        change(
            "network.json",
            "\"type\" : \"mlp\"",
            "\"type\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\"",
            "Could not resolve type id 'org.deeplearning4j.nn.conf.layers.DenseLayer' as a subtype of `sluice.network.spec.NetworkSpec`: known type ids = [auto, dl4j, lenet, mlp, network, resnet]; a type of another jar needs that jar on the class path"),
        change(
            "preprocessing.json",
            "\"type\" : \"class\"",
            "\"type\" : \"%s\"".formatted(gadget),
            "Could not resolve type id '%s' as a subtype of `sluice.normalise.FittedLabel`: known type ids = [class, number, set, tags, text]; a type of another jar needs that jar on the class path"
                .formatted(gadget)),
        change(
            "network.json",
            "\"hidden\" : [ 2 ]",
            "\"hidden\" : [ %s2 ]".formatted("2, ".repeat(5_000)),
            "hidden must hold at most 1,000 numbers, got 5,001"),
        change(
            "provenance.json",
            "\"pipeline\" : \"p\"",
            "\"pipeline\" : null",
            "pipeline must not be null in Provenance"),
        change(
            "preprocessing.json",
            "\"steps\" : [ ]",
            "\"steps\" : [ { \"type\" : \"pixels\", \"height\" : 65536, \"width\" : 65536, \"channels\" : 3 } ]",
            "pixels: height x width x channels must be at most 50,331,648, got 65536 x 65536 x 3"));
  }

  private static Arguments change(String file, String from, String to, String reason) {
    UnaryOperator<String> change = text -> text.replaceFirst(quoted(from), quotedNew(to));
    return Arguments.of(file, change, reason);
  }

  private static String quoted(String text) {
    return Pattern.quote(text);
  }

  private static String quotedNew(String text) {
    return Matcher.quoteReplacement(text);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whatAFileMustNotSayIsRefused(String name, UnaryOperator<String> change, String reason)
      throws IOException {
    forge(name, change);
    assertRefused("{}/%s: not readable: %s".formatted(name, reason));
  }

  private static String resized(String text, String names, int size) {
    return text.replace("[ \"a\", \"b\" ]", names).replace("\"size\" : 2", "\"size\" : " + size);
  }

  @Test
  void partsThatDoNotFitTogetherAreRefused() throws IOException {
    forge(
        "network.json",
        text -> text.replace("\"names\" : [ \"a\", \"b\" ]", "\"names\" : [ \"a\" ]"));
    assertRefused(
        "{}/network.json: not readable: axis column: must have a name for each of 2 positions or"
            + " none, got 1");
    write(honest().files());
    forge("network.json", text -> text.replace("\"names\" : [ \"a\", \"b\" ]", "\"names\" : [ ]"));
    assertRefused(
        "{}/network.json: the network must have names for [2] values of the feature groups as"
            + " preprocessing.json makes, got [0]");
    write(honest().files());
    forge("network.json", text -> resized(text, "[ ]", 1_000_000_000));
    assertRefused(
        "{}/network.json: the network must take feature groups of [2] values as preprocessing.json"
            + " makes, got [1000000000]");
    write(honest().files());
    forge("network.json", text -> resized(text, "[ ]", 0));
    assertRefused(
        "{}/network.json: not readable: axis column: the size must be at least 1, or -1 if it"
            + " varies, got 0");
    write(honest().files());
    forge("network.json", text -> resized(text, "[ \"a\", \"c\" ]", 2));
    assertRefused(
        "{}/network.json: feature group 1 must be g as preprocessing.json makes it, got one that"
            + " differs");
    write(honest().files());
    forge(
        "network.json",
        text ->
            text.replace("\"BINARY\"", "\"MULTICLASS\"")
                .replace("\"outputs\" : 1", "\"outputs\" : 10000")
                .replace("\"positive\" : 1", "\"positive\" : 0"));
    assertRefused(
        "{}/network.json: the network must predict the labels [ClassLabel[column=y,"
            + " columnType=STRING, classes=[no, yes], counts=[5, 5], positive=yes]], got"
            + " [Target[name=label, task=multiclass, outputs=10000, positive=0, steps=null]]");
  }

  /** 100,000 by 100,000 weights would take 40 GB; none of them is made. */
  @Test
  void aNetworkLargerThanTheMemoryIsRefused() throws IOException {
    forge(
        "network.json",
        text -> text.replace("\"hidden\" : [ 2 ]", "\"hidden\" : [ 100000, 100000 ]"));
    assertThatThrownBy(() -> Scorer.load(bundle))
        .isInstanceOf(InvalidInput.class)
        .hasMessageMatching(
            "a network must have at most [0-9,]+ parameters, which fill the memory for arrays"
                + " \\(org\\.bytedeco\\.javacpp\\.maxbytes\\), got 10,000,500,001");
  }

  @Test
  void aDecisionIsKeptAndUsed() throws IOException {
    assertThat(honest().files())
        .doesNotContainKey("decision.json")
        .extractingByKey("bundle.json")
        .satisfies(
            index ->
                assertThat(new String(index, StandardCharsets.UTF_8)).contains("\"format\" : 6"));
    Decision decision =
        new Decision(new Calibration.Isotonic(List.of(0.25, 0.75), List.of(0.1, 0.5)), 0.3);
    ModelBundle decided = honest().decided(List.of(decision));
    write(decided.files());

    ModelBundle read = ModelBundle.load(bundle);
    assertThat(read.decisions()).containsExactly(decision);
    assertThat(read.id()).isEqualTo(decided.id()).isNotEqualTo(honest().id());
    // Without weights the network says one half, half way between the corners.
    assertThat(Scorer.load(bundle).score(Map.of("a", 1.0, "b", 2.0)))
        .isEqualTo(new Prediction.OfClass("no", "yes", Map.of("no", 0.7f, "yes", 0.3f)));
  }

  @Test
  void aNotationIsKeptAndUsed() throws IOException {
    assertThat(honest().files()).doesNotContainKey("notation.json");
    ValueNotation notation =
        new ValueNotation(
            new ValueNotation.Texts("NA", "", false, false),
            new ValueNotation.Words("?", "max", "min"),
            ValueNotation.STANDARD.times());
    Prediction said = Scorer.load(bundle).score(Map.of("a", "1", "b", "2"));
    assertThat(said).isInstanceOf(Prediction.OfClass.class);
    assertThat(Scorer.load(bundle).score(Map.of("a", "NA", "b", "2")))
        .isEqualTo(new Prediction.Unscored("a must be double, got String \"NA\""));

    for (ModelBundle other :
        List.of(
            honest().reading(notation),
            honest()
                .reading(notation)
                .decided(List.of(new Decision(new Calibration.Temperature(2), 0.3))))) {
      write(other.files());
      assertThat(text("bundle.json")).contains("\"format\" : 6");
      ModelBundle read = ModelBundle.load(bundle);
      assertThat(read.notation()).isEqualTo(notation);
      assertThat(read.decisions()).isEqualTo(other.decisions());
      assertThat(read.id()).isEqualTo(other.id()).isNotEqualTo(honest().id());
      assertThat(Scorer.load(bundle).score(Map.of("a", "NA", "b", "2")))
          .isEqualTo(new Prediction.Unscored("a is missing and has no impute step"));
    }
    forge("notation.json", text -> text.replace("UTC", "Nowhere/None"));
    assertRefused("{}/notation.json: not readable: times: Unknown time-zone ID: Nowhere/None");
    write(honest().reading(notation).files());
    forge("notation.json", text -> text.replace("max", "m".repeat(1001)));
    assertRefused(
        "{}/notation.json: not readable: a word or pattern must have at most 1000 characters, got"
            + " 1001");
  }

  /** Only the split reads what the rule derives. */
  @Test
  void aRuleThatOnlySparkComputesAndNobodyNeedsKeepsNobodyFromScoring() {
    ModelBundle honest = honest();
    DatasetContract input = honest.cleaning().input();
    Derive spare = new Derive("spare", "a * 2", "double");
    ModelBundle idle = withRules(honest, new Cleaning(input, List.of(spare)));
    assertThat(new Scorer(idle).score(Map.of("a", 1.0, "b", 2.0)))
        .isInstanceOf(Prediction.OfClass.class);
    Derive needed = new Derive("a", "a * 2", "double");
    ModelBundle derived = withRules(honest, new Cleaning(input, List.of(needed)));
    assertThatThrownBy(() -> new Scorer(derived))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "this bundle has a derive rule and cannot score without Spark; use the predict job");
  }

  private static ModelBundle withRules(ModelBundle bundle, Cleaning cleaning) {
    return new ModelBundle(
        cleaning,
        bundle.preprocessing(),
        bundle.definition(),
        bundle.parameters(),
        bundle.provenance());
  }

  static Stream<Arguments> decisions() {
    return Stream.of(
        Arguments.of(
            "\"threshold\" : 0.3",
            "\"threshold\" : 1.5",
            "not readable: threshold must be between 0 and 1, got 1.5"),
        Arguments.of(
            "\"threshold\" : 0.3",
            "\"threshold\" : \"NaN\"",
            "not readable: threshold must be between 0 and 1, got NaN"),
        Arguments.of(
            "\"temperature\" : 2.0",
            "\"temperature\" : 0",
            "not readable: temperature must be between 0.01 and 100, got 0"),
        Arguments.of(
            "\"type\" : \"temperature\"",
            "\"type\" : \"sluice.testing.Gadget\"",
            "not readable: Could not resolve type id 'sluice.testing.Gadget' as a subtype of"
                + " `sluice.decision.Calibration`: known type ids = [isotonic, none, temperature]"
                + "; a type of another jar needs that jar on the class path"));
  }

  @ParameterizedTest
  @MethodSource("decisions")
  void aDecisionThatCannotBeIsRefused(String from, String to, String reason) throws IOException {
    write(honest().decided(List.of(new Decision(new Calibration.Temperature(2), 0.3))).files());
    forge("decision.json", text -> text.replace(from, to));
    assertRefused("{}/decision.json: " + reason);
  }

  @Test
  void parametersThatAreNotFiniteAreRefused() throws IOException {
    for (float number : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      byte[] bytes = new byte[9 * Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(3 * Float.BYTES, number);
      forge("parameters.bin", bytes);
      assertRefused(
          "{}/parameters.bin: must hold finite numbers, has %s as number 4 of 9".formatted(number));
    }
  }

  @Test
  void parametersThatAreNotTheNetworksAreRefused() throws IOException {
    forge("parameters.bin", Arrays.copyOf(Gadget.serialised(), 33));
    assertRefused("{}/parameters.bin: must hold numbers of 4 bytes each, got 33 bytes");
    forge("parameters.bin", Arrays.copyOf(Gadget.serialised(), 32));
    assertRefused("the network has 9 parameters, got 8");
  }

  @Test
  void aFileLargerThanTheHeapBearsIsNotRead() throws IOException {
    for (String name : List.of("parameters.bin", "cleaning.json")) {
      long most =
          name.equals("parameters.bin") ? ForeignFile.mostNumbers() : ForeignFile.mostText();
      try (RandomAccessFile file = new RandomAccessFile(bundle.resolve(name).toFile(), "rw")) {
        file.setLength(1L << 40);
      }
      assertRefused(
          "{}/%s: must have at most %,d bytes, which this process's heap can bear, got %,d"
              .formatted(name, most, 1L << 40));
      Files.delete(bundle.resolve(name));
      write(honest().files());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bundle.json",
        "cleaning.json",
        "preprocessing.json",
        "network.json",
        "parameters.bin",
        "provenance.json"
      })
  void aLinkOutOfTheBundleIsNotFollowed(String name) throws IOException {
    Path elsewhere = outside.resolve(name);
    Files.move(bundle.resolve(name), elsewhere);
    Files.createSymbolicLink(bundle.resolve(name), elsewhere);
    assertRefused(
        "{}/%s: must lie in its folder, is a link that leads to %s".formatted(name, elsewhere));
    Files.delete(bundle.resolve(name));
    Files.createSymbolicLink(bundle.resolve(name), Path.of("/dev/zero"));
    assertRefused(
        "{}/%s: must lie in its folder, is a link that leads to /dev/zero".formatted(name));
  }

  /** The index lists what it likes; what is read are the five files by their own names. */
  @Test
  void pathsInTheIndexAreNotOpened() throws IOException {
    forge(
        "bundle.json",
        text ->
            text.replace(
                "\"cleaning.json\"",
                "\"../outside/thesis.txt\" : \"%s\",\n    \"cleaning.json\""
                    .formatted("0".repeat(64))));
    assertThat(ModelBundle.load(bundle).files().keySet())
        .containsExactly(
            "bundle.json",
            "cleaning.json",
            "network.json",
            "parameters.bin",
            "preprocessing.json",
            "provenance.json");
  }

  /** In plain Java such a bundle does not score; in Spark the rule is looked at before it acts. */
  @Test
  void aRuleThatCallsJavaNeverDoes() throws IOException {
    forge(
        "cleaning.json",
        text ->
            text.replace(
                "\"rules\" : [ ]",
                """
                "rules" : [ { "type" : "derive", "column" : "a", "to" : "double", "at" : "ALWAYS",
                  "expression" : "reflect('sluice.testing.Gadget', 'run')" } ]\
                """));
    assertRefused(
        "this bundle has a derive rule and cannot score without Spark; use the predict job");
    Cleaning cleaning = ModelBundle.load(bundle).cleaning();
    assertThatThrownBy(
            () ->
                cleaning.apply(
                    LocalSpark.session()
                        .createDataFrame(
                            List.of(RowFactory.create("k", "f", 1.0, 2.0)),
                            StructType.fromDDL("_key string, _source string, a double, b double"))))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "rules[0] derive: expression must call only Spark's own functions that compute a value,"
                + " got reflect");
    assertThat(Gadget.runs()).isZero();
  }

  private static Map<String, String> tree(Path directory) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        tree.put(directory.relativize(file).toString(), Sha256.hexOf(Files.readAllBytes(file)));
      }
    }
    return tree;
  }
}
