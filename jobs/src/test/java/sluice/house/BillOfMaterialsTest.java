package sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sluice.data.Json;

/**
 * The bill of materials against the application jar that it is of: it needs no server, but the jar,
 * which is there when those tests are run.
 */
@Tag("server")
final class BillOfMaterialsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Where a package is in the jar, if elsewhere than in its library. */
  private static final Map<String, String> RELOCATED =
      Map.of(
          "com/fasterxml/jackson/", "sluice/shaded/jackson/",
          "com/google/gson/", "sluice/shaded/gson/",
          "com/typesafe/config/", "sluice/shaded/config/",
          "picocli/", "sluice/shaded/picocli/",
          "com/google/protobuf/", "sluice/shaded/protobuf/");

  private static List<JsonNode> components = List.of();

  @BeforeAll
  static void read() throws IOException {
    List<JsonNode> found = new ArrayList<>();
    bill().get("components").forEach(found::add);
    components = found;
  }

  private static JsonNode bill() throws IOException {
    Path file = ROOT.resolve("jobs/target/sluice-bom.json");
    return Json.tree(Files.readString(file), file.toString());
  }

  private static String address(JsonNode component) {
    return component.get("purl").asText();
  }

  @Test
  void itIsABillOfThisApplication() throws IOException {
    assertThat(bill().get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill().at("/metadata/component/purl").asText())
        .startsWith("pkg:maven/io.sluice/sluice-jobs@");
    assertThat(bill().at("/metadata/component/type").asText()).isEqualTo("application");
    // Another number or another time in each build would make another file of the same jar.
    assertThat(bill().has("serialNumber")).isFalse();
    assertThat(bill().at("/metadata/timestamp").asText("2026-01-01T00:00:00Z"))
        .isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void everyLibraryHasItsVersionLicenceAndDigest() {
    assertThat(components)
        .hasSizeGreaterThan(30)
        .allSatisfy(
            component -> {
              assertThat(component.get("version").asText()).isNotBlank();
              assertThat(component.path("licenses")).as(address(component)).isNotEmpty();
              if (!component.path("group").asText().equals("io.sluice")) {
                assertThat(component.get("hashes"))
                    .as(address(component))
                    .anySatisfy(hash -> assertThat(hash.get("alg").asText()).isEqualTo("SHA-256"));
              }
            });
    assertThat(components)
        .extracting(component -> component.path("group").asText())
        .contains("org.deeplearning4j", "org.bytedeco", "com.typesafe", "info.picocli")
        .noneMatch(group -> group.startsWith("org.apache.spark") || group.startsWith("org.junit"));
  }

  /** Versions below these have known holes. */
  @Test
  void librariesWithKnownHolesAreNewer() {
    Map<String, String> versions =
        components.stream()
            .collect(
                Collectors.toMap(
                    component -> component.get("name").asText(),
                    component -> component.get("version").asText(),
                    (one, other) -> one));
    assertThat(versions)
        .containsEntry("commons-compress", "1.26.2")
        .containsEntry("commons-lang3", "3.18.0")
        .containsEntry("commons-net", "3.11.1")
        .containsEntry("freemarker", "2.3.34")
        .containsEntry("gson", "2.10.1")
        .doesNotContainKeys("snakeyaml", "log4j", "log4j-core", "okhttp", "derby", "opencv");
  }

  @Test
  void everyClassOfTheJarIsFromALibraryOfTheBill() throws IOException {
    Set<String> known = new HashSet<>();
    for (String module : List.of("transforms", "models", "jobs")) {
      known.addAll(ofDirectory(ROOT.resolve(module).resolve("target/classes")));
    }
    Map<String, Path> classPath = classPath();
    for (JsonNode component : components) {
      if (!component.path("group").asText().equals("io.sluice")) {
        Path jar = classPath.get(fileName(component));
        assertThat(jar).as(address(component)).isNotNull();
        known.addAll(ofJar(jar));
      }
    }
    Set<String> unknown = new TreeSet<>(ofJar(ROOT.resolve("jobs/target/sluice.jar")));
    assertThat(unknown).hasSizeGreaterThan(10_000);
    unknown.removeAll(known);
    assertThat(unknown).isEmpty();
  }

  /** As Maven names the file of {@code pkg:maven/group/name@version?classifier=c&type=jar}. */
  private static String fileName(JsonNode component) {
    String query =
        String.valueOf(URI.create(address(component).replace("pkg:", "pkg://")).getQuery());
    String classifier =
        Arrays.stream(query.split("&", -1))
            .filter(parameter -> parameter.startsWith("classifier="))
            .map(parameter -> "-" + parameter.substring("classifier=".length()))
            .findFirst()
            .orElse("");
    return "%s-%s%s.jar"
        .formatted(component.get("name").asText(), component.get("version").asText(), classifier);
  }

  private static Map<String, Path> classPath() {
    Map<String, Path> jars = new LinkedHashMap<>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      jars.put(Path.of(entry).getFileName().toString(), Path.of(entry));
    }
    return jars;
  }

  private static Collection<String> ofDirectory(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(file -> directory.relativize(file).toString())
          .filter(name -> name.endsWith(".class"))
          .toList();
    }
  }

  private static Collection<String> ofJar(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream()
          .map(entry -> inTheJar(entry.getName()))
          .filter(name -> name.endsWith(".class"))
          .toList();
    }
  }

  private static String inTheJar(String name) {
    String plain = name.replaceFirst("^META-INF/versions/[0-9]+/", "");
    for (Map.Entry<String, String> moved : RELOCATED.entrySet()) {
      if (plain.startsWith(moved.getKey())) {
        return moved.getValue() + plain.substring(moved.getKey().length());
      }
    }
    return plain;
  }
}
