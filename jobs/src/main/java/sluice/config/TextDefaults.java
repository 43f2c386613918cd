package sluice.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.ingest.IngestSettings;
import sluice.ingest.Source;
import sluice.ingest.TextColumns;
import sluice.pretrained.PretrainedBert;

/**
 * What a configuration of texts leaves out: the label, the features, the rules that clean any text
 * and, where {@code ingest.text} names the column of texts, the columns of files that name them.
 * What it adds is written down as if it had been said.
 */
final class TextDefaults {
  /** Of what several say together, a problem names the file alone. */
  private static final String ORIGIN = "merge of the configuration and the defaults for texts";

  private static final String SCHEMA = "ingest.schema";
  private static final String TEXT = "ingest.text";
  private static final String LABEL = "normalise.label";
  private static final String FEATURES = "normalise.features";
  private static final String RULES = "clean.rules";
  private static final Map<String, Object> NGRAMS = Map.of("type", "tf-idf", "of", "auto");
  private static final String ADAPTED = "train.adapt.from";

  /** Tokens that a network to be fine-tuned reads: its time and memory grow with them. */
  private static final int MAX_LENGTH = 128;

  private final TypeRegistry families;
  private final ConfigObject reference;

  /**
   * @param reference every key with its default
   */
  TextDefaults(TypeRegistry families, ConfigObject reference) {
    this.families = families;
    this.reference = reference;
  }

  /** The section of which only the source is looked at. */
  private record OfSource(SourceAlone ingest) {}

  private record SourceAlone(Source format) {}

  /** The section by itself. */
  private record OfIngest(IngestSettings ingest) {}

  /**
   * The configuration with what it leaves out; as it is where its rows are not known to be texts.
   *
   * @throws InvalidInput (configuration) if the columns are left out and the files do not name them
   */
  ConfigObject over(ConfigObject given) {
    Config said = given.toConfig();
    @Nullable String text = text(said, TEXT);
    if (text == null) {
      return source(said)
          .flatMap(Source::textColumns)
          .map(texts -> over(given, texts))
          .orElse(given);
    }
    ConfigObject whole = given;
    if (isLeftOut(said, SCHEMA)) {
      Optional<DatasetContract> columns = columns(said);
      if (columns.isPresent()) {
        whole = with(whole, SCHEMA, columns.get().ddl());
      }
    }
    return over(whole, new TextColumns(List.of(text), null, null));
  }

  private static ConfigObject over(ConfigObject given, TextColumns columns) {
    Config said = given.toConfig();
    ConfigObject whole = given;
    if (columns.label() != null && isLeftOut(said, LABEL)) {
      whole = with(whole, LABEL, Map.of("column", columns.label()));
    }
    if (isLeftOut(said, FEATURES)) {
      Map<String, Object> read = reader(said);
      whole =
          with(
              whole,
              FEATURES,
              columns.texts().stream()
                  .map(
                      column ->
                          group(column, column.equals(columns.texts().get(0)) ? read : NGRAMS))
                  .toList());
    }
    return isLeftOut(said, RULES)
        ? with(whole, RULES, rules(columns, learned(whole.toConfig())))
        : whole;
  }

  /** A missing text is an empty one. */
  private static Map<String, Object> group(String column, Map<String, Object> read) {
    return Map.of(
        "columns",
        List.of(column),
        "steps",
        List.of(Map.of("type", "impute-constant", "value", ""), read));
  }

  /**
   * The step that makes numbers of a text: tokens of what is fine-tuned, if that has any; of mails
   * their subjects do without it.
   */
  private static Map<String, Object> reader(Config said) {
    @Nullable String from = text(said, ADAPTED);
    return from != null && PretrainedBert.isAt(from)
        ? Map.of("type", "tokenizer", "path", PretrainedBert.tokens(from), "max-length", MAX_LENGTH)
        : NGRAMS;
  }

  /**
   * The rules for the texts that are learned from.
   *
   * @param learned columns that features are made of
   */
  private static List<Map<String, Object>> rules(TextColumns columns, Set<String> learned) {
    List<Map<String, Object>> rules = new ArrayList<>();
    List<String> first = columns.texts().subList(0, 1);
    boolean isRead = learned.containsAll(first);
    if (isRead && columns.html() != null) {
      rules.add(Map.of("type", "strip-html", "columns", first, "where", columns.html()));
    }
    List<String> texts = columns.texts().stream().filter(learned::contains).toList();
    if (!texts.isEmpty()) {
      rules.add(Map.of("type", "normalise-text", "columns", texts));
    }
    if (isRead) {
      rules.add(Map.of("type", "reject-missing", "columns", first));
      rules.add(Map.of("type", "drop-duplicates", "columns", first));
    }
    return rules;
  }

  /** The columns that the groups of features name, as far as they are what they have to be. */
  private static Set<String> learned(Config said) {
    Set<String> columns = new HashSet<>();
    for (ConfigValue group : list(said.getValue(FEATURES))) {
      ConfigValue named = group instanceof ConfigObject keys ? keys.get("columns") : null;
      if (named != null) {
        list(named).forEach(column -> columns.add(String.valueOf(column.unwrapped())));
      }
    }
    return columns;
  }

  /** The elements of a list; a value that is none is its own only element. */
  private static List<ConfigValue> list(ConfigValue value) {
    return value instanceof ConfigList list ? list : List.of(value);
  }

  private Optional<Source> source(Config said) {
    return said.hasPath("ingest.format")
        ? bound(OfSource.class, said.withOnlyPath("ingest.format"))
            .map(section -> section.ingest().format())
        : Optional.empty();
  }

  /** The columns that the files name; nothing where the section has problems of its own. */
  private Optional<DatasetContract> columns(Config said) {
    Config section =
        said.withOnlyPath("ingest")
            .withoutPath(TEXT)
            .withoutPath("ingest.key")
            .withoutPath("ingest.source-column")
            .withValue(SCHEMA, ConfigValueFactory.fromAnyRef("any STRING"));
    Optional<IngestSettings> ingest = bound(OfIngest.class, section).map(OfIngest::ingest);
    if (ingest.isEmpty()) {
      return Optional.empty();
    }
    IngestSettings dated =
        day(text(said, "pipeline.date")).map(ingest.get()::at).orElse(ingest.get());
    try {
      return dated
          .format()
          .columnsOfFiles(dated, SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    } catch (InvalidInput e) {
      throw InvalidInput.configuration(
          e.problems().stream()
              .map(problem -> SCHEMA + " must be given, or readable in the files: " + problem)
              .toList());
    }
  }

  private static Optional<LocalDate> day(@Nullable String date) {
    try {
      return Optional.ofNullable(date).map(LocalDate::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whose problems are told when the whole configuration is bound. */
  private <T> Optional<T> bound(Class<T> section, Config said) {
    Problems problems = new Problems(ORIGIN);
    Optional<T> bound = new Binder(families, reference, problems).bind(section, said.root());
    return problems.count() > 0 ? Optional.empty() : bound;
  }

  private static @Nullable String text(Config said, String path) {
    if (!said.hasPath(path)) {
      return null;
    }
    ConfigValue value = said.getValue(path);
    return value.valueType() == ConfigValueType.STRING ? said.getString(path) : null;
  }

  private static boolean isLeftOut(Config said, String path) {
    return !said.hasPath(path);
  }

  /** With a value of a section, which may not be there yet. */
  private static ConfigObject with(ConfigObject given, String path, Object value) {
    List<String> keys = ConfigUtil.splitPath(path);
    ConfigObject section =
        given.get(keys.get(0)) instanceof ConfigObject there
            ? there
            : ConfigValueFactory.fromMap(Map.of(), ORIGIN);
    return given.withValue(
        keys.get(0), section.withValue(keys.get(1), ConfigValueFactory.fromAnyRef(value, ORIGIN)));
  }
}
