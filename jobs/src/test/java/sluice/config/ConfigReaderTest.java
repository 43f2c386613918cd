package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.config.Kitchen.Air;
import sluice.config.Kitchen.Dish;
import sluice.config.Kitchen.Gas;
import sluice.config.Kitchen.Induction;
import sluice.config.Kitchen.Knife;
import sluice.config.Kitchen.Oven;
import sluice.config.Kitchen.Timer;
import sluice.config.Kitchen.Whisk;
import sluice.data.InvalidInput;

final class ConfigReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("DEGREES", "210", "WORDS", "so many", "PASS", "hunter2");

  private Path directory;

  @BeforeEach
  void in(@TempDir Path directory) {
    this.directory = directory;
  }

  private static ConfigReader<Kitchen> reader() {
    return new ConfigReader<>(
        Kitchen.class,
        Kitchen.FAMILIES,
        ConfigReader.parseReference(Kitchen.REFERENCE),
        ENVIRONMENT,
        UnaryOperator.identity(),
        kitchen -> List.of());
  }

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Kitchen read(String text, String... overrides) throws IOException {
    return reader().read(file("k.conf", text), List.of(overrides)).value();
  }

  private List<String> problems(Path file, String... overrides) {
    InvalidInput invalid =
        catchThrowableOfType(InvalidInput.class, () -> reader().read(file, List.of(overrides)));
    assertThat(invalid).as("a problem in " + file).isNotNull();
    assertThat(invalid.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
    return invalid.problems().stream().map(p -> p.replace(directory + "/", "")).toList();
  }

  private static final Oven OVEN =
      new Oven(180, 0.5, Air.TOP_AND_BOTTOM, true, List.of(1, 2), null);

  private static Kitchen kitchen(Oven oven) {
    return new Kitchen(
        "k", 42, oven, null, List.of(), List.of(), new Gas(1), Map.of("shelf", "left"), Map.of());
  }

  @Test
  void whatIsNotSaidComesFromTheReference() throws IOException {
    assertThat(read("name = k")).isEqualTo(kitchen(OVEN));
  }

  @Test
  void everyKindOfValueBinds() throws IOException {
    assertThat(
            read(
                """
                name = 007
                seed = -9223372036854775808
                oven { degrees = 2.5e2, humidity = 0, air = fan, light = false, trays = [], maker = Bosch }
                timer { minutes = 5 }
                dishes = [
                  { name = soup, tools = [whisk, { type = knife, length = 20 }] }
                  { name = "bread", portions = null }
                ]
                tools = knife
                heat { type = induction, watts = 2000 }
                options {
                  header = true, sep = ";", quote = "\\"", limit = 1e3
                  spark.sql.partitions = 8, "a.b" { "c.d" = x }
                }
                prices { soup = 3, "bread" = 2.5 }
                """))
        .isEqualTo(
            new Kitchen(
                "007",
                Long.MIN_VALUE,
                new Oven(250, 0, Air.FAN, false, List.of(), "Bosch"),
                new Timer(5, true),
                List.of(
                    new Dish("soup", 2, List.of(new Whisk(null), new Knife(20))),
                    new Dish("bread", null, List.of())),
                List.of(new Knife(12.5)),
                new Induction(2000),
                Map.of(
                    "shelf", "left",
                    "header", "true",
                    "sep", ";",
                    "quote", "\"",
                    "limit", "1e3",
                    "spark.sql.partitions", "8",
                    "a.b.c.d", "x"),
                Map.of("soup", 3.0, "bread", 2.5)));
  }

  @Test
  void theTypeOfAnEntryMayBeLeftOutWhereThereIsADefault() throws IOException {
    assertThat(read("name = k, heat { pressure = 3 }").heat()).isEqualTo(new Gas(3));
  }

  @Test
  void aNumberAloneStandsForTheTypeThatItsFamilySays() throws IOException {
    assertThat(read("name = k, heat = 2.5").heat()).isEqualTo(new Gas(2.5));
    assertThat(read("name = k", "heat=4").heat()).isEqualTo(new Gas(4));
    assertThat(read("name = k, heat { type = gas, pressure = 4 }").heat()).isEqualTo(new Gas(4));
  }

  @Test
  void autoLeavesAValueToTheData() throws IOException {
    assertThat(read("name = k, tools = { type = whisk, speed = auto }").tools())
        .containsExactly(new Whisk(null));
    assertThat(read("name = k, tools = { type = whisk, speed = 3 }").tools())
        .containsExactly(new Whisk(3));
    assertThat(Rendering.of(read("name = k, tools = whisk"), Kitchen.FAMILIES, key -> true))
        .containsEntry("tools[0].speed", "\"auto\"");
    assertThat(problems(file("k.conf", "name = k\ntools = { type = whisk, speed = fast }")))
        .containsExactly("k.conf: 2: tools.speed must be a whole number or auto, got \"fast\"");
    assertThat(problems(file("k.conf", "name = k\ntools = { type = whisk, speed = null }")))
        .containsExactly("k.conf: 2: tools.speed must be a whole number or auto, got null");
  }

  @Test
  void nullTakesAFreeFormDefaultAway() throws IOException {
    assertThat(read("name = k, options { shelf = null }").options()).isEmpty();
  }

  static Stream<Arguments> overrides() {
    return Stream.of(
        arguments("oven.degrees=200", kitchen(oven(200, null))),
        arguments(
            "oven.maker=hdfs://host:8020/a,b #c", kitchen(oven(180, "hdfs://host:8020/a,b #c"))),
        arguments("oven.maker=\"quoted\"", kitchen(oven(180, "quoted"))),
        arguments("oven.maker=null", kitchen(OVEN)),
        arguments("oven.trays=[1,2]", kitchen(OVEN)),
        arguments("oven={degrees: 190}", kitchen(oven(190, null))),
        arguments("oven.maker=", kitchen(oven(180, ""))));
  }

  private static Oven oven(int degrees, @Nullable String maker) {
    return new Oven(degrees, 0.5, Air.TOP_AND_BOTTOM, true, List.of(1, 2), maker);
  }

  @ParameterizedTest
  @MethodSource("overrides")
  void anOverrideIsATextUnlessItLooksLikeHocon(String override, Kitchen expected)
      throws IOException {
    assertThat(read("name = k", override)).isEqualTo(expected);
  }

  @Test
  void overridesWinOverTheFileAndOverEarlierOnes() throws IOException {
    Kitchen read =
        read(
            "name = k, seed = 1, options { \"a.b\" = file }",
            "seed=2",
            "seed=3",
            "options.a.b=override");
    assertThat(read.seed()).isEqualTo(3);
    assertThat(read.options()).isEqualTo(Map.of("shelf", "left", "a.b", "override"));
  }

  @Test
  void substitutionsSeeTheFileAndTheEnvironmentOnly() throws IOException {
    System.setProperty("sluice.test.maker", "from a property");
    System.setProperty("oven.degrees", "99");
    try {
      Kitchen read =
          read(
              """
              name = k, seed = 7
              oven { degrees = ${?DEGREES}, maker = ${?sluice.test.maker} }
              options { seed = ${seed}, words = "not "${WORDS} }
              """);
      assertThat(read.oven()).isEqualTo(oven(210, null));
      assertThat(read.options())
          .isEqualTo(Map.of("shelf", "left", "seed", "7", "words", "not so many"));
    } finally {
      System.clearProperty("sluice.test.maker");
      System.clearProperty("oven.degrees");
    }
  }

  @Test
  void includesAreReadFromBesideTheFile() throws IOException {
    file("shared/oven.conf", "oven { degrees = 190, maker = A }");
    file("shared/all.conf", "include \"oven.conf\"\nseed = 5");
    Kitchen read = read("include \"shared/all.conf\"\nname = k\noven.maker = B");
    assertThat(read)
        .isEqualTo(
            new Kitchen(
                "k",
                5,
                oven(190, "B"),
                null,
                List.of(),
                List.of(),
                new Gas(1),
                Map.of("shelf", "left"),
                Map.of()));
  }

  @Test
  void anIncludedValueIsBlamedOnItsOwnFile() throws IOException {
    file("shared/oven.conf", "# the oven\noven { degrees = 0 }");
    assertThat(problems(file("k.conf", "include file(\"shared/oven.conf\")\nname = k")))
        .containsExactly("shared/oven.conf: 2: oven.degrees must be at least 1, got 0");
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("", List.of("k.conf: name must be given")),
        arguments("name = k, timer {}\n", List.of("k.conf: 1: timer.minutes must be given")),
        arguments(
            "name = k\noven {\n  degrees = 0\n}",
            List.of("k.conf: 3: oven.degrees must be at least 1, got 0")),
        arguments(
            "name = k\noven.degrees = ten",
            List.of("k.conf: 2: oven.degrees must be a whole number, got \"ten\"")),
        arguments(
            "name = k\noven.degrees = 1.5",
            List.of("k.conf: 2: oven.degrees must be a whole number, got 1.5")),
        arguments(
            "name = k\noven.degrees = 3000000000",
            List.of(
                "k.conf: 2: oven.degrees must be a whole number between -2147483648 and"
                    + " 2147483647, got 3000000000")),
        arguments(
            "name = k\nseed = 1e400",
            List.of(
                "k.conf: 2: seed must be a whole number between -9223372036854775808 and"
                    + " 9223372036854775807, got 1e400")),
        arguments(
            "name = k\noven.humidity = NaN",
            List.of("k.conf: 2: oven.humidity must be a finite number, got \"NaN\"")),
        arguments(
            "name = k\noven.humidity = 1e999",
            List.of("k.conf: 2: oven.humidity must be a finite number, got 1e999")),
        arguments(
            "name = k\noven.light = yes",
            List.of("k.conf: 2: oven.light must be true or false, got \"yes\"")),
        arguments(
            "name = k\noven.air = fam",
            List.of(
                "k.conf: 2: oven.air must be one of fan, top-and-bottom, got \"fam\"; did you mean"
                    + " fan?")),
        arguments(
            "name = k\noven = 3", List.of("k.conf: 2: oven must be an object { ... }, got 3")),
        arguments(
            "name = k\noven = null",
            List.of("k.conf: 2: oven must be an object { ... }, got null")),
        arguments(
            "name = [k]\n\nseed = {}",
            List.of(
                "k.conf: 1: name must be a text, got a list",
                "k.conf: 3: seed must be a whole number, got an object")),
        arguments("name = null", List.of("k.conf: 1: name must be a text, got null")),
        arguments(
            "name = k\noven.trays = [1, 0, 2]", List.of("k.conf: 2: oven.trays[1] must not be 0")),
        arguments(
            "name = k\noven.trays = [\n  1\n  two\n]",
            List.of("k.conf: 4: oven.trays[1] must be a whole number, got \"two\"")),
        arguments(
            "name = k\noven {\n humidity = 1.0\n degrees = 250\n}",
            List.of("k.conf: 4: oven.degrees and humidity must not both be high, got 250 and 1.0")),
        arguments(
            "name = k\noven {\n degrees = 13\n}",
            List.of("k.conf: 2: oven: thirteen brings bad luck")),
        arguments(
            "nmae = k\ntimer { minuts = 3 }\noven.degres = 0",
            List.of(
                "k.conf: 1: nmae is not a key; did you mean name?",
                "k.conf: 3: oven.degres is not a key; did you mean oven.degrees?",
                "k.conf: 2: timer.minuts is not a key; did you mean timer.minutes?")),
        arguments(
            "name = k\nsede = 1", List.of("k.conf: 2: sede is not a key; did you mean seed?")),
        arguments(
            "name = k\noven { Degrees = 1, hot = 2 }",
            List.of(
                "k.conf: 2: oven.Degrees is not a key; did you mean oven.degrees?",
                "k.conf: 2: oven.hot is not a key, must be one of degrees, humidity, air, light,"
                    + " trays, maker")),
        arguments(
            "name = k\ntypes {}\nwithin {}\n\"oven.air\" = fan",
            List.of(
                "k.conf: 4: \"oven.air\" is not a key, must be one of name, seed, oven, timer,"
                    + " dishes, tools, heat, options, prices",
                "k.conf: 2: types is not a key, must be one of name, seed, oven, timer, dishes,"
                    + " tools, heat, options, prices",
                "k.conf: 3: within is not a key, must be one of name, seed, oven, timer, dishes,"
                    + " tools, heat, options, prices")),
        arguments(
            "name = k\ntools = [\n  knive\n  { type = whisk, sped = 3 }\n  { length = 3 }\n  {"
                + " type = knife, length = -1 }\n  3\n]",
            List.of(
                "k.conf: 3: tools[0] must be one of knife, whisk, got \"knive\"; did you mean"
                    + " knife?",
                "k.conf: 4: tools[1].sped is not a key; did you mean tools[1].speed?",
                "k.conf: 5: tools[2].type must be given",
                "k.conf: 6: tools[3].length must be above 0, got -1",
                "k.conf: 7: tools[4] must be one of knife, whisk, got 3")),
        arguments("name = k\nheat = induction", List.of("k.conf: 2: heat.watts must be given")),
        arguments(
            "name = k\nheat { type = wood }",
            List.of("k.conf: 2: heat.type must be one of gas, induction, got \"wood\"")),
        arguments(
            "name = k\ndishes = [\n  { name = a }\n  { portions = many }\n]",
            List.of(
                "k.conf: 4: dishes[1].name must be given",
                "k.conf: 4: dishes[1].portions must be a whole number, got \"many\"")),
        arguments(
            "name = k\noptions {\n  a.b = 1\n  \"a.b\" = 2\n  c = [3]\n}",
            List.of(
                "k.conf: 4: options.a.b is there twice, also at k.conf: 3",
                "k.conf: 5: options.c must be a text, got a list")),
        arguments(
            "name = k\nprices { tea = -1\n milk = cheap }",
            List.of("k.conf: 3: prices.milk must be a finite number, got \"cheap\"")),
        arguments(
            "name = k\nprices { tea = -1 }",
            List.of("k.conf: 2: prices.tea must be at least 0, got -1")),
        arguments(
            "name = k\noven {\n  degrees = ten\n  humidity = 2\n}\nsede = 1\nheat = coal",
            List.of(
                "k.conf: 6: sede is not a key; did you mean seed?",
                "k.conf: 3: oven.degrees must be a whole number, got \"ten\"",
                "k.conf: 4: oven.humidity must be between 0 and 1, got 2",
                "k.conf: 7: heat must be a number or one of gas, induction, got \"coal\"")),
        arguments(
            "name = k\noven.degrees = ${WORDS}",
            List.of(
                "environment variable WORDS: oven.degrees must be a whole number, got"
                    + " <redacted>")),
        arguments(
            "name = k\noven.maker = ${NOBODY}",
            List.of(
                "k.conf: 2: ${NOBODY} must name a key of the file or an environment variable that"
                    + " is set")),
        arguments(
            "name = k\noven {\n",
            List.of(
                "k.conf: 3: not readable as HOCON: a brace } is missing at the end of the file")),
        arguments(
            "name = k\ninclude \"nowhere.conf\"\ninclude \"k.conf\"\ninclude"
                + " url(\"http://localhost/x\")\ninclude classpath(\"reference.conf\")",
            List.of(
                "k.conf: 2: include nowhere.conf: no such file",
                "k.conf: 3: include k.conf: must not include a file that includes it",
                "k.conf: 4: include http://localhost/x: must be the path of a file",
                "k.conf: 5: include reference.conf: must be the path of a file")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void everyFaultIsToldWithItsPlace(String text, List<String> expected) throws IOException {
    assertThat(problems(file("k.conf", text))).containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> faultyOverrides() {
    return Stream.of(
        arguments("seed", "--set seed: must be key=value"),
        arguments("=3", "--set =3: must be key=value"),
        arguments("sede=1", "--set sede=1: sede is not a key; did you mean seed?"),
        arguments("oven.degrees=0", "--set oven.degrees=0: oven.degrees must be at least 1, got 0"),
        arguments(
            "oven.degrees=hot",
            "--set oven.degrees=hot: oven.degrees must be a whole number, got \"hot\""),
        arguments("oven.trays=[1,0]", "--set oven.trays=[1,0]: oven.trays[1] must not be 0"),
        arguments(
            "oven.trays=[1,{}]",
            "--set oven.trays=[1,{}]: oven.trays[1] must be a whole number, got an object"),
        arguments("timer.rings=true", "--set timer.rings=true: timer.minutes must be given"),
        arguments(
            "oven.password=hunter2",
            "--set oven.password=<redacted>: oven.password is not a key, must be one of degrees,"
                + " humidity, air, light, trays, maker"));
  }

  @ParameterizedTest
  @MethodSource("faultyOverrides")
  void anOverrideIsBlamedAsItWasTyped(String override, String expected) throws IOException {
    assertThat(problems(file("k.conf", "name = k"), override)).containsExactly(expected);
  }

  @Test
  void anOverrideThatIsNotHoconIsTold() throws IOException {
    assertThat(problems(file("k.conf", "name = k"), "oven.trays=[1", "a..b=1", "seed=[1], b=2"))
        .hasSize(3)
        .allMatch(p -> p.matches("--set .*: must be key=value with a value that can be read; .*"));
  }

  @Test
  void filesThatCannotBeReadAreTold() throws IOException {
    Path bytes = directory.resolve("bytes.conf");
    Files.write(bytes, new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
    assertThat(problems(directory.resolve("none.conf"))).containsExactly("none.conf: no such file");
    assertThat(problems(Files.createDirectory(directory.resolve("dir.conf"))))
        .containsExactly("dir.conf: must be a file, got a directory");
    assertThat(problems(bytes))
        .containsExactly("bytes.conf: must be text in UTF-8, got other bytes");
    assertThat(problems(file("file", "").resolve("below.conf")))
        .containsExactly("file/below.conf: not readable: FileSystemException");
  }

  @Test
  void includesThatGoRoundAreTold() throws IOException {
    file("a.conf", "include \"b.conf\"");
    file("b.conf", "\ninclude \"a.conf\"");
    assertThat(problems(directory.resolve("a.conf")))
        .containsExactly("b.conf: 2: include a.conf: must not include a file that includes it");
  }

  @Test
  void nothingSecretIsShown() throws IOException {
    ResolvedConfig<Kitchen> read =
        reader()
            .read(
                file(
                    "k.conf",
                    """
                    name = k
                    oven { degrees = ${DEGREES}, maker = "a"${PASS} }
                    dishes = [ { name = soup, tools = knife } ]
                    options {
                      fs.s3a.secret.key = abc, sfPassword = abc, apiKey = abc, accessToken = abc
                      url = "jdbc:postgresql://me:abc@host/db?user=me&password=abc&ssl=true"
                      key = id, monkey = banana, max-tokens = 3
                    }
                    """),
                List.of());
    assertThat(read.redacted())
        .containsExactly(
            "name = \"k\"",
            "seed = 42",
            "oven.degrees = <redacted>",
            "oven.humidity = 0.5",
            "oven.air = \"top-and-bottom\"",
            "oven.light = true",
            "oven.trays = [1, 2]",
            "oven.maker = <redacted>",
            "timer = null",
            "dishes[0].name = \"soup\"",
            "dishes[0].portions = 2",
            "dishes[0].tools[0].type = \"knife\"",
            "dishes[0].tools[0].length = 12.5",
            "tools = []",
            "heat.type = \"gas\"",
            "heat.pressure = 1.0",
            "options.accessToken = <redacted>",
            "options.apiKey = <redacted>",
            "options.\"fs.s3a.secret.key\" = <redacted>",
            "options.key = \"id\"",
            "options.max-tokens = \"3\"",
            "options.monkey = \"banana\"",
            "options.sfPassword = <redacted>",
            "options.shelf = \"left\"",
            "options.url ="
                + " \"jdbc:postgresql://<redacted>@host/db?user=me&password=<redacted>&ssl=true\"",
            "prices = {}");
  }

  @Test
  void theSourceGivesTheSameAgainWithoutWhatTheEnvironmentGives() throws IOException {
    file("more.conf", "oven { degrees = 150, maker = \"a \\\"b\\\"\" }");
    ResolvedConfig<Kitchen> read =
        reader()
            .read(
                file(
                    "k.conf",
                    """
                    include "more.conf"
                    name = k
                    oven { degrees = ${DEGREES}, trays = [3] }
                    dishes = [ { name = soup, tools = [knife] } ]
                    options { url = "x?a=1", key = id, shelf = ${name}" of "${?PASS} }
                    """),
                List.of("seed=7", "tools=[{type=whisk}]"));
    String source = read.source();
    assertThat(source).contains("${DEGREES}", "${?PASS}").doesNotContain("210", "hunter2");
    assertThat(ResolvedConfig.isRedacted(source)).isFalse();
    assertThat(read(source)).isEqualTo(read.value());

    String secret =
        reader()
            .read(
                file(
                    "s.conf",
                    """
                    name = k
                    options { apiKey = abc, url = "jdbc:x://me:abc@host/db" }
                    """),
                List.of())
            .source();
    assertThat(secret).doesNotContain("abc");
    assertThat(ResolvedConfig.isRedacted(secret)).isTrue();
  }

  @Test
  void theHashIsOfTheMeaning() throws IOException {
    String plain = hash("name = k, seed = 42, oven { degrees = 180, humidity = 0.50 }");
    assertThat(plain).matches("[0-9a-f]{64}");
    assertThat(hash("# why\noven.humidity = 5e-1\nname : \"k\"")).isEqualTo(plain);
    assertThat(hash("name = k, options { password = a }")).isEqualTo(plain);
    assertThat(
            List.of(
                hash("name = k, oven.humidity = 0.51"),
                hash("name = k, heat = { type = induction, watts = 1 }"),
                hash("name = k, options { a = 1 }"),
                hash("name = k, tools = [knife, whisk]"),
                hash("name = k, tools = [whisk, knife]"),
                hash("name = k, oven.maker = null"),
                hash("name = k, oven.maker = \"null\"")))
        .doesNotHaveDuplicates();
    assertThat(hash("name = k, oven.maker = null")).isEqualTo(plain);
  }

  private String hash(String text) throws IOException {
    return ConfigHash.of(Kitchen.FAMILIES, read(text));
  }
}
