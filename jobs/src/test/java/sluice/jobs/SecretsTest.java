package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.testing.LocalSpark;

/**
 * Secrets are planted everywhere that a configuration can hold one, a whole pipeline is run from
 * the jar that ships, and everything that it says and writes is searched for them.
 */
@Tag("server")
final class SecretsTest {
  /** By where it is planted. */
  private static final Map<String, String> SECRETS =
      Map.of(
          "option", ShippedJar.planted("PLANTED_OPTION"),
          "source", ShippedJar.planted("PLANTED_SOURCE"),
          "spark", ShippedJar.planted("PLANTED_SPARK"),
          "s3a", "planted-as-a-key-of-s3a",
          "url", "planted-as-a-user-of-a-url",
          "parameter", "planted-as-a-parameter",
          "set", "planted-on-the-command-line",
          "store", "planted-in-a-store-of-credentials");

  private static final String CONFIGURATION =
      """
      pipeline { name = small, seed = 42, runs-dir = "{dir}/runs" }
      ingest {
        format = parquet, path = "{dir}/data"
        options {
          password = ${?PLANTED_OPTION}, plain = ${?PLANTED_OPTION}
          proxy = "https://me:{url}@proxy/?a=b&token={parameter}"
        }
        schema = "a DOUBLE, b DOUBLE, label INT"
      }
      split { by = none }
      normalise {
        label = { column = label, type = class, positive = "1" }
        features = [{ columns = [a, b], steps = [standardise] }]
      }
      sufficiency { min-rows = 0, min-class-rows = 0 }
      model { type = mlp, hidden = [2] }
      train { epochs = 4, batch-size = 4, logical-workers = 1, checkpoint { every = 1, keep = 2 } }
      evaluate { slices = [a], baselines = [majority, logistic-regression], resamples = 50 }
      explain { repeats = 2, max-rows = 4 }
      predict.source { format = parquet, path = "{dir}/data", options { token = ${?PLANTED_SOURCE} } }
      spark {
        "spark.hadoop.fs.s3a.secret.key" = "{s3a}"
        "spark.hadoop.example.plain" = ${?PLANTED_SPARK}
        "spark.hadoop.example.address" = "https://me:{url}@store/"
        "spark.hadoop.hadoop.security.credential.provider.path" = "localjceks://file{dir}/keys.jceks"
        "spark.eventLog.enabled" = true
        "spark.eventLog.compress" = false
        "spark.eventLog.dir" = "file:{dir}/events"
        "spark.master" = "local[2]"
        "spark.sql.shuffle.partitions" = 2
      }
      """;

  private final StringBuilder said = new StringBuilder();
  private Path dir;

  @BeforeEach
  void prepare(@TempDir Path directory) throws IOException {
    dir = directory.toRealPath();
    Files.createDirectory(dir.resolve("events"));
    LocalSpark.session()
        .sql("values (1d, 0d, 0), (0d, 1d, 1), (1d, 1d, 1), (0d, 0d, 0) as t(a, b, label)")
        .coalesce(1)
        .write()
        .parquet(dir.resolve("data").toString());
    String text = CONFIGURATION.replace("{dir}", dir.toString());
    for (Map.Entry<String, String> secret : SECRETS.entrySet()) {
      text = text.replace("{" + secret.getKey() + "}", secret.getValue());
    }
    Files.writeString(dir.resolve("small.conf"), text);
    Configuration hadoop = new Configuration();
    hadoop.set(
        CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH,
        "localjceks://file" + dir.resolve("keys.jceks"));
    CredentialProvider store = CredentialProviderFactory.getProviders(hadoop).get(0);
    store.createCredentialEntry(
        "fs.s3a.access.key", SECRETS.getOrDefault("store", "").toCharArray());
    store.flush();
    // What Spark hands to Hadoop under the same setting finds it there, and needs no other place.
    assertThat(hadoop.getPassword("fs.s3a.access.key"))
        .isEqualTo(SECRETS.getOrDefault("store", "").toCharArray());
  }

  @Test
  void noneIsInAnythingThatAPipelineSaysOrWrites() throws Exception {
    for (List<String> job : List.of(List.of("run"), List.of("predict"))) {
      assertThat(sluice(job)).as(said()).isZero();
    }
    Map<String, String> written = written();
    assertThat(written.values())
        .anyMatch(text -> text.contains("ingest.options.password = <redacted>"));
    assertThat(written.keySet())
        .anyMatch(name -> name.endsWith("report.html"))
        .anyMatch(name -> name.startsWith("events/"))
        .anyMatch(name -> name.contains("checkpoints/"))
        .anyMatch(name -> name.endsWith("provenance.json"))
        .anyMatch(name -> name.endsWith("_status.json"));
    assertThat(found(written)).isEmpty();
  }

  /** A message quotes what is at fault. */
  @Test
  void noneIsInTheMessageOfAFailure() throws Exception {
    String address = "ftp://me:%s@127.0.0.1:1/x.json".formatted(SECRETS.get("url"));
    int code = sluice(List.of("ingest", "--set", "ingest.path=" + address));
    assertThat(code).as(said()).isNotZero();
    assertThat(said()).contains("ftp://<redacted>@127.0.0.1:1/x.json");
    assertThat(written().get("runs/small/_status.json")).contains("\"state\" : \"failed\"");
    assertThat(found(written())).isEmpty();
  }

  /** Runs a command; what it says and logs is added to what was said. */
  private int sluice(List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(command.get(0));
    line.add(dir.resolve("small.conf").toString());
    line.addAll(List.of("--set", "ingest.options.apiKey=" + SECRETS.get("set")));
    line.addAll(command.subList(1, command.size()));
    ShippedJar jar = ShippedJar.started();
    CommandLine ended = jar.run(line.toArray(String[]::new));
    said.append(String.join("\n", ended.out())).append(String.join("\n", ended.err()));
    said.append(jar.log());
    return ended.code();
  }

  private String said() {
    return said.toString();
  }

  /** All that there is but what the secrets were planted in. */
  private Map<String, String> written() throws IOException {
    Map<String, String> written = new TreeMap<>(Map.of("what was said", said()));
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = dir.relativize(file).toString();
        if (!List.of("small.conf", "keys.jceks", ".keys.jceks.crc").contains(name)) {
          written.put(name, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return written;
  }

  /** Where which secret is. */
  private static List<String> found(Map<String, String> written) {
    List<String> found = new ArrayList<>();
    written.forEach(
        (name, content) ->
            SECRETS.forEach(
                (where, secret) -> {
                  int at = content.indexOf(secret);
                  if (at >= 0) {
                    found.add(
                        "%s of %s: ...%s..."
                            .formatted(
                                secret,
                                name,
                                content.substring(
                                    Math.max(0, at - 100), Math.min(content.length(), at + 60))));
                  }
                }));
    return found;
  }
}
