package sluice.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sluice.data.Extensions;
import sluice.data.InvalidInput;

/**
 * Reads a configuration in HOCON into an immutable record.
 *
 * <p>A key is the name of a record's component ({@code batch-size} for {@code batchSize}); nested
 * objects are nested records; a component whose type is one of the {@link TypeRegistry} takes
 * {@code { type = ..., parameters }} or the type's name alone; one value stands for a list of one.
 * {@code Map}s are free-form: their keys are dotted paths, their values texts. Every default comes
 * from the reference, which has each key once, with a comment: in its place, under {@code
 * types.<family>.<type>} for the parameters of typed entries, and under {@code within.<path>} for
 * objects that are entries of a list or absent by default. There, {@code null} means absent, which
 * is an error unless the component is {@code @Nullable}.
 *
 * <p>Read are the file with the files it includes, the reference and the overrides. System
 * properties never count. The environment counts only where the file asks for it with {@code
 * ${?NAME}}, and what came from there is never shown.
 *
 * <p>All problems are reported together, each with file and line, path, rule and value.
 *
 * @param <T> the record of a whole configuration
 */
public final class ConfigReader<T> {
  private static final String REFERENCE = "reference.conf";
  private static final ConfigRenderOptions READABLE =
      ConfigRenderOptions.defaults().setOriginComments(false).setComments(false);

  private final Class<T> type;
  private final TypeRegistry families;
  private final ConfigObject reference;
  private final Map<String, String> environment;
  private final UnaryOperator<ConfigObject> leftOut;
  private final Function<T, List<String>> misfits;

  /**
   * @param type the record of a whole configuration
   * @param families the families of its typed entries
   * @param reference every key with its default, as HOCON
   * @param environment what {@code ${?NAME}} may name
   * @param leftOut adds to a configuration what it leaves out and no reference can say
   * @param misfits what is wrong between sections that are right by themselves; each problem begins
   *     with the path of its key
   */
  ConfigReader(
      Class<T> type,
      TypeRegistry families,
      ConfigObject reference,
      Map<String, String> environment,
      UnaryOperator<ConfigObject> leftOut,
      Function<T, List<String>> misfits) {
    this.type = type;
    this.families = families;
    this.reference = reference;
    this.environment = environment;
    this.leftOut = leftOut;
    this.misfits = misfits;
  }

  /**
   * The reader of Sluice's own configurations, which sees the environment of this process.
   *
   * @throws InvalidInput (configuration) if an extension on the class path fails or adds what
   *     cannot be added
   */
  public static ConfigReader<PipelineConfig> ofPipelines() {
    OpenFamilies.requireFit();
    ConfigObject reference = reference();
    return new ConfigReader<>(
        PipelineConfig.class,
        PipelineConfig.FAMILIES,
        reference,
        System.getenv(),
        new TextDefaults(PipelineConfig.FAMILIES, reference)::over,
        SchemaFit::problems);
  }

  /**
   * Reads a configuration.
   *
   * @param file the file; messages show the path as it is given here
   * @param overrides {@code key=value}, a later one wins; a value is a text as it stands, {@code
   *     null}, or HOCON if it begins with a bracket, a brace or a quote
   * @throws InvalidInput (configuration) with every problem found
   */
  public ResolvedConfig<T> read(Path file, List<String> overrides) {
    Problems problems = new Problems(file.toString());
    try {
      return read(file, overrides, problems);
    } catch (StackOverflowError e) {
      // HOCON's own parser calls itself for each object within an object, and has no limit.
      throw InvalidInput.configuration(file + ": must not be nested so deeply");
    }
  }

  /**
   * Where a run is kept, as overrides alone say, without the file: for those who are told of the
   * run by its directory and would wait for what a file with errors cannot tell.
   *
   * @return empty unless they give its name and its {@code runs-dir}, and all that they say of the
   *     section {@code pipeline} is as it must be
   */
  public static Optional<PipelineSettings> whereabouts(List<String> overrides) {
    // What cannot be read among them is somebody else's to report.
    Config said = Overrides.parse(overrides, new Problems(""));
    if (!said.hasPath("pipeline.name") || !said.hasPath("pipeline.runs-dir")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PipelineSettings(
              said.getString("pipeline.name"),
              0,
              said.getString("pipeline.runs-dir"),
              said.hasPath("pipeline.date") ? said.getString("pipeline.date") : null,
              new PipelineSettings.Window(1, null)));
    } catch (ConfigException | InvalidInput e) {
      return Optional.empty();
    }
  }

  private ResolvedConfig<T> read(Path file, List<String> overrides, Problems problems) {
    Config parsed = ConfigFile.parse(file, problems);
    Config above = Overrides.parse(overrides, problems);
    problems.throwIfAny();
    Config said = above.withFallback(parsed);
    ConfigObject given = resolve(said, problems);
    problems.throwIfAny();
    Binder binder = new Binder(families, reference, problems);
    Optional<T> value = binder.bind(type, whole(given, problems));
    problems.throwIfAny();
    binder.locate(misfits.apply(value.orElseThrow()));
    problems.throwIfAny();
    return new ResolvedConfig<>(
        value.orElseThrow(),
        families,
        binder.secrets(),
        binder.secretTexts(),
        said.root().render(READABLE));
  }

  /** The configuration with what it leaves out, as far as that can be told. */
  private ConfigObject whole(ConfigObject given, Problems problems) {
    try {
      return leftOut.apply(given);
    } catch (InvalidInput e) {
      e.problems().forEach(problems::add);
      problems.throwIfAny();
      return given;
    }
  }

  private ConfigObject resolve(Config config, Problems problems) {
    try {
      return config
          .resolve(ConfigResolveOptions.noSystem().appendResolver(new Environment(environment)))
          .root();
    } catch (ConfigException.UnresolvedSubstitution e) {
      String place = e.origin() == null ? problems.file() : problems.place(e.origin());
      problems.add(
          place,
          "${%s} must name a key of the file or an environment variable that is set"
              .formatted(ConfigFile.firstLine(e).replaceAll("(?s).*\\$\\{([^}]*)}.*", "$1")));
    } catch (ConfigException e) {
      problems.add("not resolvable: " + ConfigFile.firstLine(e));
    }
    return ConfigFactory.empty().root();
  }

  /** Our own reference, and behind it those of extensions, which change nothing of it. */
  static ConfigObject reference() {
    ConfigObject reference = ownReference();
    for (Extensions.Added extension : Extensions.onClassPath().all()) {
      ConfigObject added = referenceOf(extension);
      for (String key : List.of(Binder.TYPES, Binder.WITHIN)) {
        reference = reference.withFallback(added.withOnlyKey(key));
      }
    }
    return reference;
  }

  private static ConfigObject referenceOf(Extensions.Added extension) {
    try {
      return parseReference(extension.reference());
    } catch (ConfigException e) {
      throw InvalidInput.configuration(
          "extension %s: %s must be HOCON: %s"
              .formatted(extension.name(), REFERENCE, ConfigFile.firstLine(e)));
    }
  }

  /** By its exact name: those of other libraries have no say. */
  private static ConfigObject ownReference() {
    try (InputStream in = ConfigReader.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + REFERENCE + " beside " + ConfigReader.class);
      }
      return parseReference(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConfigObject parseReference(String text) {
    return ConfigFactory.parseString(
            text, ConfigParseOptions.defaults().setOriginDescription(REFERENCE))
        .root();
  }

  /** Answers a substitution from the environment and marks the value as coming from there. */
  private record Environment(Map<String, String> variables) implements ConfigResolver {
    @Override
    public @Nullable ConfigValue lookup(String path) {
      String name = String.join(".", ConfigUtil.splitPath(path));
      String value = variables.get(name);
      return value == null
          ? null
          : ConfigValueFactory.fromAnyRef(value, Secrets.ENVIRONMENT + name);
    }

    @Override
    public ConfigResolver withFallback(ConfigResolver fallback) {
      return this;
    }
  }
}
