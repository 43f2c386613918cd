package sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is there: files, headings, scripts, tests, and code that they quote. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** It tells of paths that were. */
  private static final String HISTORY = "CHANGELOG.md";

  private static final Pattern FENCE =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w./<{$-])((?:scripts|conf)/[\\w./-]*[\\w-])");
  private static final Pattern TRIAL =
      Pattern.compile("scripts/(trial|bench)\\.sh (?:--\\S+ )*([a-z]+)");
  private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w*Test\\b");
  private static final Pattern TO_JAVA = Pattern.compile("\\(([^)\\s]+\\.java)\\)");

  private static final Set<String> TESTS = tests();

  @Test
  void everythingThatIsNamedIsThere() throws IOException {
    List<String> problems = new ArrayList<>();
    List<Path> documents = documents();
    for (Path document : documents) {
      problems.addAll(problems(document, Files.readString(document)));
    }
    assertThat(problems).isEmpty();
    assertThat(documents)
        .contains(
            ROOT.resolve("README.md"),
            ROOT.resolve("transforms/README.md"),
            ROOT.resolve("models/README.md"),
            ROOT.resolve("jobs/README.md"),
            ROOT.resolve("conf/README.md"),
            ROOT.resolve("scripts/README.md"));
  }

  @Test
  void whatIsNotThereIsFound() {
    String text =
        """
        # A heading: `code`

        [here](#a-heading-code), [away](https://nowhere.invalid/x), [gone](gone.md), [no](README.md#no),
        `scripts/gone.sh`, conf/bank.conf, [sub/conf/x](scripts), scripts/trial.sh --stage model gone,
        `HouseTest`, `GoneTest`, [Rules](transforms/src/main/java/sluice/clean/Rules.java):

        ```java
        public final class Gone {}
        ```
        """;
    assertThat(problems(ROOT.resolve("x.md"), text))
        .containsExactly(
            "x.md: gone.md is not there",
            "x.md: README.md has no heading no",
            "x.md: scripts/gone.sh is not there",
            "x.md: scripts/trials/model.py is not there",
            "x.md: GoneTest is not there",
            "x.md: transforms/src/main/java/sluice/clean/Rules.java has no such code: public final class Gone {}");
  }

  private static List<String> problems(Path document, String text) {
    List<String> problems = new ArrayList<>();
    String prose = FENCE.matcher(text).replaceAll("");
    matches(LINK, prose)
        .map(link -> link.group(1))
        .forEach(to -> checkLink(document, to, problems));
    if (!document.endsWith(HISTORY)) {
      matches(PATH, text).map(path -> path.group(1)).forEach(path -> requireFile(path, problems));
      matches(TRIAL, text)
          .map(run -> "scripts/%s/%s.py".formatted(folder(run.group(1)), run.group(2)))
          .forEach(path -> requireFile(path, problems));
    }
    matches(TEST, text)
        .map(MatchResult::group)
        .filter(test -> !TESTS.contains(test))
        .forEach(test -> problems.add(test + " is not there"));
    checkCode(document, text, problems);
    String name = ROOT.relativize(document).toString();
    return problems.stream().distinct().map(problem -> name + ": " + problem).toList();
  }

  private static String folder(String script) {
    return script.equals("trial") ? "trials" : script;
  }

  private static void requireFile(String path, List<String> problems) {
    if (!Files.exists(ROOT.resolve(path))) {
      problems.add(path + " is not there");
    }
  }

  private static void checkLink(Path document, String link, List<String> problems) {
    if (link.contains("://")) {
      return;
    }
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
    if (!Files.exists(target) && !file.isEmpty()) {
      problems.add(link + " is not there");
    } else if (hash >= 0
        && !file.isEmpty()
        && !hasHeading(read(target), link.substring(hash + 1))) {
      problems.add("%s has no heading %s".formatted(file, link.substring(hash + 1)));
    }
  }

  private static boolean hasHeading(String text, String anchor) {
    return matches(HEADING, FENCE.matcher(text).replaceAll(""))
        .map(heading -> anchor(heading.group(1)))
        .anyMatch(anchor::equals);
  }

  /** As GitHub makes them. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  /** A block of Java that begins with a declaration is that of the file that was linked last. */
  private static void checkCode(Path document, String text, List<String> problems) {
    matches(FENCE, text)
        .filter(block -> block.group(1).equals("java") && block.group(2).startsWith("public "))
        .forEach(
            block -> {
              List<String> links =
                  matches(TO_JAVA, text.substring(0, block.start()))
                      .map(link -> link.group(1))
                      .toList();
              String code = block.group(2).strip();
              String link = links.isEmpty() ? "nothing" : links.get(links.size() - 1);
              Path file = document.resolveSibling(link).normalize();
              if (!Files.exists(file) || !read(file).contains(code)) {
                problems.add(
                    "%s has no such code: %s".formatted(link, code.lines().findFirst().orElse("")));
              }
            });
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  /** Those of the project, in the root and in the folders of it that are its own. */
  private static List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(ROOT)) {
      files.filter(DocumentsTest::isDocument).forEach(found::add);
    }
    for (String folder : List.of("transforms", "models", "jobs", "conf", "scripts")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> !ROOT.relativize(file).toString().contains("target/"))
            .filter(DocumentsTest::isDocument)
            .forEach(found::add);
      }
    }
    return found;
  }

  private static boolean isDocument(Path file) {
    return file.toString().endsWith(".md");
  }

  private static Set<String> tests() {
    return Stream.of("transforms", "models", "jobs")
        .map(module -> ROOT.resolve(module).resolve("src/test/java"))
        .flatMap(DocumentsTest::walk)
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(".java"))
        .map(name -> name.substring(0, name.length() - ".java".length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<Path> walk(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
