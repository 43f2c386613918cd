package sluice.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callConstructor;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;

/** The rules of the house: which part may know which. */
class HouseTest {
  private static final String[] TRANSFORMS = {
    "sluice.data..",
    "sluice.statistics..",
    "sluice.text..",
    "sluice.ingest..",
    "sluice.clean..",
    "sluice.split..",
    "sluice.features..",
    "sluice.normalise..",
    "sluice.augment..",
    "sluice.quality.."
  };
  private static final String[] MODELS = {
    "sluice.network..",
    "sluice.training..",
    "sluice.boosting..",
    "sluice.pretrained..",
    "sluice.decision..",
    "sluice.evaluation..",
    "sluice.explanation..",
    "sluice.bundle.."
  };
  private static final String[] JOBS = {
    "sluice.jobs..",
    "sluice.stages..",
    "sluice.commands..",
    "sluice.config..",
    "sluice.run..",
    "sluice.report..",
    "sluice.cli.."
  };

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("sluice");

  @Test
  void everyPackageBelongsToOneModule() {
    classes()
        .should()
        .resideInAnyPackage(
            java.util.stream.Stream.of(TRANSFORMS, MODELS, JOBS)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new))
        .check(HOUSE);
  }

  @Test
  void jobsKnowModelsKnowTransformsAndNeverBack() {
    noClasses()
        .that(resideInAnyPackage(TRANSFORMS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(MODELS).or(resideInAnyPackage(JOBS)))
        .check(HOUSE);
    noClasses()
        .that(resideInAnyPackage(MODELS))
        .should()
        .dependOnClassesThat(resideInAnyPackage(JOBS))
        .check(HOUSE);
  }

  /**
   * What a training or an evaluation is made of does not know the whole; nor do stages and commands
   * the program. What a metric is does not know the tasks.
   */
  @Test
  void partsDoNotKnowTheWhole() {
    noClasses()
        .that(resideInAPackage("sluice.ingest.*.."))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.ingest"))
        .check(HOUSE);
    noClasses()
        .that(resideInAPackage("sluice.training.*.."))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.training"))
        .check(HOUSE);
    noClasses()
        .that(resideInAPackage("sluice.evaluation.*.."))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.evaluation"))
        .check(HOUSE);
    noClasses()
        .that(resideInAPackage("sluice.evaluation.metric"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("sluice.evaluation.(classification|regression|predictions|baselines)"))
        .check(HOUSE);
    noClasses()
        .that(resideInAnyPackage("sluice.jobs", "sluice.stages", "sluice.commands"))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.cli"))
        .check(HOUSE);
    noClasses()
        .that(resideInAnyPackage("sluice.jobs", "sluice.stages"))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.commands"))
        .check(HOUSE);
    noClasses()
        .that(resideInAPackage("sluice.jobs"))
        .should()
        .dependOnClassesThat(resideInAPackage("sluice.stages"))
        .check(HOUSE);
  }

  @Test
  void noDeeplearning4jInTransforms() {
    noClasses()
        .that(resideInAnyPackage(TRANSFORMS))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.deeplearning4j..", "org.nd4j.."))
        .check(HOUSE);
  }

  /** A bundle is fitted preprocessing and a network; the network itself knows only its tensors. */
  @Test
  void preprocessingIsKnownInModelsToBundlesAndWhatExplainsThem() {
    noClasses()
        .that(resideInAnyPackage("sluice.network..", "sluice.training..", "sluice.evaluation.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "sluice.ingest..", "sluice.clean..", "sluice.split..", "sluice.normalise.."))
        .check(HOUSE);
  }

  /**
   * What is read may be anybody's, so that it must not choose what runs: no Java serialisation, no
   * reader of Deeplearning4j's or Spark's own files, no class by the name that a text gives.
   */
  @Test
  void nothingThatIsReadIsTurnedIntoAnyObject() {
    noClasses()
        .should()
        .dependOnClassesThat(
            simpleName("ObjectInputStream")
                .or(simpleName("XMLDecoder"))
                .or(simpleName("ModelSerializer"))
                .or(simpleName("SerializationUtils"))
                .or(simpleName("MLReader"))
                .or(simpleName("MLReadable"))
                .or(resideInAPackage("org.yaml.snakeyaml.."))
                .or(resideInAPackage("javax.script..")))
        .orShould(callMethod(Class.class, "forName", String.class))
        .orShould(callMethod(ClassLoader.class, "loadClass", String.class))
        .check(HOUSE);
  }

  /** Deeplearning4j's JSON names classes: it is read where it was made, or was checked. */
  @Test
  void onlyTrainingAndTheCheckReadTheJsonOfDeeplearning4j() {
    noClasses()
        .that(not(simpleName("ExampleWeightedOutputLayer")))
        .should(callMethod(MultiLayerConfiguration.class, "fromJson", String.class))
        .orShould(callMethod(ComputationGraphConfiguration.class, "fromJson", String.class))
        .check(HOUSE);
    noClasses()
        .that(
            not(simpleName("ExampleWeightedOutputLayer"))
                .and(not(simpleName("ConfigurationReader"))))
        .should(callMethod(NeuralNetConfiguration.class, "mapper"))
        .check(HOUSE);
  }

  /**
   * Spark writes the names within a struct that a function takes, as they are, into the program
   * that it compiles. Cleaning hands its struct to no function.
   */
  @Test
  void structsAreMadeWithoutTheNamesOfTheData() {
    noClasses()
        .that(not(simpleName("Columns")).and(not(simpleName("Cleaning"))))
        .should(callMethod(functions.class, "struct", Column[].class))
        .orShould(callMethod(functions.class, "struct", String.class, String[].class))
        .check(HOUSE);
  }

  /**
   * Calls that give something else in another language or time zone. What is formatted by {@code
   * String.formatted} depends on it too, in the digits of numbers: {@link sluice.cli.Main} sets the
   * locale of its process, and {@link #textsOfRowsHaveTheSameDigitsEverywhere} is about the rest.
   */
  @Test
  void nothingAsksForTheMachinesLanguageOrTimeZone() {
    noClasses()
        .that(not(simpleName("Main")))
        .should(callMethod(Locale.class, "getDefault"))
        .orShould(callMethod(Locale.class, "setDefault", Locale.class))
        .orShould(callMethod(String.class, "toLowerCase"))
        .orShould(callMethod(String.class, "toUpperCase"))
        .orShould(callMethod(PrintStream.class, "printf", String.class, Object[].class))
        .orShould(callMethod(PrintStream.class, "format", String.class, Object[].class))
        .orShould(callMethod(DateTimeFormatter.class, "ofPattern", String.class))
        .orShould(callMethod(ZoneId.class, "systemDefault"))
        .orShould(callMethod(TimeZone.class, "getDefault"))
        .orShould(callMethod(LocalDate.class, "now"))
        .orShould(callMethod(LocalDateTime.class, "now"))
        .orShould(callConstructor(DecimalFormat.class, String.class))
        .orShould(callConstructor(SimpleDateFormat.class, String.class))
        .orShould(callMethod(NumberFormat.class, "getInstance"))
        .orShould(callMethod(NumberFormat.class, "getIntegerInstance"))
        .orShould(callMethod(NumberFormat.class, "getPercentInstance"))
        .check(HOUSE);
  }

  /**
   * The parts that run in processes which are not Main's: executors, and any program that scores or
   * trains. There no number is formatted but by {@code %s} or with {@link Locale#ROOT}.
   */
  @Test
  void textsOfRowsHaveTheSameDigitsEverywhere() throws IOException {
    List<String> found = new ArrayList<>();
    for (String part :
        List.of(
            "transforms/src/main/java/sluice/clean",
            "transforms/src/main/java/sluice/data",
            "transforms/src/main/java/sluice/normalise",
            "transforms/src/main/java/sluice/text",
            "models/src/main/java/sluice/bundle",
            "models/src/main/java/sluice/training/checkpoint/Checkpoints.java")) {
      try (Stream<Path> files = Files.walk(Path.of("..").resolve(part))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          found.addAll(localised(file.getFileName().toString(), Files.readString(file)));
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(localised("X", "a(\"%s of %,d\".formatted(b, c));"))
        .containsExactly("X: \"%s of %,d\"");
    assertThat(localised("X", "a(String.format(Locale.ROOT, \"%,d\", c)); b(\"%s\".formatted(c));"))
        .isEmpty();
  }

  /** Texts whose conversions take the digits of a locale, in a statement that names none. */
  private static List<String> localised(String name, String source) {
    Pattern conversion =
        Pattern.compile("\"[^\"\\n]*%(\\d+\\$)?[-#+0,(]*\\d*(\\.\\d+)?[dfegEG][^\"\\n]*\"");
    return Arrays.stream(source.split(";"))
        .filter(statement -> statement.contains(".format"))
        .filter(statement -> !statement.contains("Locale.ROOT"))
        .flatMap(statement -> conversion.matcher(statement).results())
        .map(text -> name + ": " + text.group())
        .toList();
  }

  @Test
  void onlyMainExits() {
    noClasses()
        .that(not(simpleName("Main")))
        .should(callMethod(System.class, "exit", int.class))
        .orShould(callMethod(Runtime.class, "halt", int.class))
        .check(HOUSE);
  }

  @Test
  void noPackageThatHoldsJustAnything() {
    Pattern vague = Pattern.compile(".*\\b(util|utils|common|helper|helpers|manager|impl)\\b.*");
    Set<String> vaguePackages = new TreeSet<>();
    HOUSE.forEach(
        type -> {
          if (vague.matcher(type.getPackageName()).matches()) {
            vaguePackages.add(type.getPackageName());
          }
        });
    assertThat(vaguePackages).isEmpty();
  }
}
