package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts, without the Java that they start. */
final class ScriptsTest {
  /** {@code scripts/sluice} in a checkout that is built, on a machine without Maven. */
  @Nested
  class Launching {
    private static final String ARCHIVING = "sluice: keeping Java's classes for the next starts";

    @TempDir private Path root = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void built() throws Exception {
      target = Files.createDirectories(root.resolve("jobs/target"));
      for (String file :
          new String[] {
            "LICENSE",
            "pom.xml",
            "transforms/pom.xml",
            "models/pom.xml",
            "jobs/pom.xml",
            "transforms/src/main/A.java",
            "models/src/main/B.java",
            "jobs/src/main/C.java",
            "conf/log4j2.properties",
            "conf/java.options",
            "scripts/spark/spark-class"
          }) {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), file);
      }
      Files.copy(Scripts.ROOT.resolve("scripts/sluice"), root.resolve("scripts/sluice"));
      Files.createDirectories(target.resolve("spark/jars"));
      Files.createFile(target.resolve("spark/jars/spark-core_2.12-3.5.0.jar"));
      Files.writeString(target.resolve("spark/RELEASE"), "Spark");
      // What the build writes down, by the script's own words.
      program(root.resolve("scripts/contents"), contents());
      Files.writeString(
          target.resolve("spark/built"),
          new Scripts(root, Map.of()).output(root.resolve("scripts/contents").toString()));
      Files.writeString(target.resolve("sluice.jar"), "jar");
      program(target.resolve("spark/bin/spark-submit"), "printf '%s\\n' \"$@\"");
      program(
          root.resolve("jdk/bin/java"),
          """
          case $* in
            *-version*) echo "    java.specification.version = 17" >&2 ;;
            *) printf '%s\\n' "kernels=${OPENBLAS_CORETYPE:-none}" "$@" ;;
          esac
          """);
      program(root.resolve("bin/mvn"), "echo 'mvn was called' >&2; exit 1");
    }

    /** The hash of what Spark is assembled from. */
    private static String contents() {
      return """
          cd "$(dirname "$0")/.."
          find pom.xml scripts/spark conf/log4j2.properties -type f -print0 | LC_ALL=C sort -z |
            xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
          """;
    }

    private static void program(Path file, String script) throws IOException {
      Files.createDirectories(file.getParent());
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      Files.writeString(file, "#!/usr/bin/env bash\n" + script);
    }

    private Scripts.Said sluice(Map<String, String> more, String... arguments) throws Exception {
      Map<String, String> environment = new HashMap<>(more);
      environment.put("PATH", root.resolve("bin") + ":/usr/bin:/bin");
      environment.put("JAVA_HOME", root.resolve("jdk").toString());
      environment.put("SPARK_HOME", "");
      environment.putIfAbsent("OPENBLAS_CORETYPE", "");
      String[] command = new String[arguments.length + 1];
      command[0] = root.resolve("scripts/sluice").toString();
      System.arraycopy(arguments, 0, command, 1, arguments.length);
      return new Scripts(root, environment).run(command);
    }

    @Test
    void whatIsBuiltStartsWithoutMavenWhateverJavaItIs() throws Exception {
      Scripts.Said run = sluice(Map.of(), "run", "x.conf");
      assertThat(run.code()).as(run.errors()).isZero();
      assertThat(run.output()).endsWith("sluice.cli.Main\nrun\nx.conf\n");
      assertThat(run.errors()).contains(ARCHIVING).doesNotContain("mvn");
      // What could not be kept is not tried again.
      assertThat(sluice(Map.of(), "run", "x.conf").errors()).isEmpty();
    }

    @Test
    void onlyALocalRunKeepsJavasClasses() throws Exception {
      for (String command : new String[] {"validate", "--help", "runs"}) {
        Scripts.Said said = sluice(Map.of(), command, "x.conf");
        assertThat(said.code()).as(said.errors()).isZero();
        assertThat(said.errors()).isEmpty();
      }
      assertThat(sluice(Map.of(), "submit", "validate", "x.conf").errors()).isEmpty();
      assertThat(target.resolve("sluice.jsa.of")).doesNotExist();
    }

    @Test
    void aCheckoutThatCannotBeWrittenToRunsToo() throws Exception {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
      try {
        Scripts.Said run = sluice(Map.of(), "run", "x.conf");
        assertThat(run.code()).as(run.errors()).isZero();
        assertThat(run.output()).endsWith("run\nx.conf\n");
      } finally {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }

    /** OpenBLAS takes those for SSE3 on a processor that it does not know. */
    @Test
    void openBlasIsToldTheKernelsOfTheProcessor() throws Exception {
      String avx512 = "sse2 avx avx2 fma avx512f avx512bw avx512dq avx512vl";
      assertThat(kernels("GenuineIntel", avx512 + " avx512_bf16 amx_tile")).isEqualTo("Cooperlake");
      assertThat(kernels("AuthenticAMD", avx512 + " avx512_bf16")).isEqualTo("Cooperlake");
      assertThat(kernels("GenuineIntel", avx512)).isEqualTo("SkylakeX");
      assertThat(kernels("GenuineIntel", "avx2 fma avx512f avx512cd")).isEqualTo("Haswell");
      assertThat(kernels("AuthenticAMD", "sse2 avx avx2 fma")).isEqualTo("Zen");
      assertThat(kernels("GenuineIntel", "sse2 avx avx2 fma")).isEqualTo("Haswell");
      assertThat(kernels("GenuineIntel", "sse2 avx")).isEqualTo("none");
      Map<String, String> elsewhere = Map.of("SLUICE_CPUINFO", root + "/none");
      assertThat(sluice(elsewhere, "validate", "x.conf").output()).startsWith("kernels=none\n");
      Map<String, String> chosen = Map.of("OPENBLAS_CORETYPE", "Nehalem");
      assertThat(sluice(chosen, "validate", "x.conf").output()).startsWith("kernels=Nehalem\n");
      assertThat(sluice(chosen, "kernels").output()).isEqualTo("Nehalem\n");
      assertThat(sluice(elsewhere, "kernels").output()).isEqualTo("\n");
      // Executors may have other processors.
      assertThat(sluice(chosen, "submit", "validate", "x.conf").output())
          .doesNotContain("OPENBLAS_CORETYPE");
    }

    private String kernels(String vendor, String flags) throws Exception {
      Path cpuinfo = root.resolve("cpuinfo");
      Files.writeString(
          cpuinfo,
          """
          processor\t: 0
          vendor_id\t: %1$s
          flags\t\t: fpu %2$s rdpid
          vmx flags\t: vnmi

          processor\t: 1
          vendor_id\t: %1$s
          flags\t\t: fpu avx2 fma %2$s rdpid
          """
              .formatted(vendor, flags));
      String said =
          sluice(Map.of("SLUICE_CPUINFO", cpuinfo.toString()), "validate", "x.conf").output();
      return said.lines().findFirst().orElseThrow().substring("kernels=".length());
    }

    @Test
    void whatIsMissingIsBuilt() throws Exception {
      Files.delete(target.resolve("sluice.jar"));
      Scripts.Said said = sluice(Map.of(), "validate", "x.conf");
      assertThat(said.code()).isEqualTo(1);
      assertThat(said.errors()).contains("mvn was called");
    }

    @Test
    void executorsNameFilesInTheLocaleOfThisProcess() throws Exception {
      Map<String, String> locale = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "de_DE.UTF-8");
      assertThat(sluice(locale, "submit", "validate", "x.conf").output())
          .contains(
              "spark.executorEnv.LC_ALL=de_DE.UTF-8\n",
              "spark.yarn.appMasterEnv.LC_ALL=de_DE.UTF-8\n",
              "spark.kubernetes.driverEnv.LC_ALL=de_DE.UTF-8\n");
      assertThat(
              sluice(
                      Map.of("LC_ALL", "", "LC_CTYPE", "fr_FR.UTF-8", "LANG", "C"),
                      "submit",
                      "validate",
                      "x.conf")
                  .output())
          .contains("spark.executorEnv.LC_ALL=fr_FR.UTF-8\n");
      Map<String, String> none = Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "");
      assertThat(sluice(none, "submit", "validate", "x.conf").output())
          .contains("spark.executorEnv.LC_ALL=")
          .doesNotContain("spark.executorEnv.LC_ALL=C\n");
    }
  }

  /** What the scripts for GPUs say where there are some, and where there are none. */
  @Nested
  class Gpus {

    @TempDir private Path directory = Path.of("");

    /** With an nvidia-smi that does this, or none, and what else a shell has. */
    private Scripts.Said run(String script, String nvidiaSmi) throws Exception {
      Path commands = Files.createDirectory(directory.resolve("commands"));
      // Not the path of this process: it may have the real one.
      for (String command :
          new String[] {"bash", "awk", "dirname", "env", "grep", "hostname", "tr", "sed", "wc"}) {
        Files.createSymbolicLink(commands.resolve(command), there(command));
      }
      if (!nvidiaSmi.isEmpty()) {
        Files.createFile(
            commands.resolve("nvidia-smi"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(commands.resolve("nvidia-smi"), "#!/usr/bin/env bash\n" + nvidiaSmi);
      }
      return new Scripts(directory, Map.of("PATH", commands.toString())).run(script);
    }

    private static Path there(String command) throws IOException {
      for (String place : new String[] {"/usr/bin", "/bin"}) {
        if (Files.exists(Path.of(place, command))) {
          return Path.of(place, command).toRealPath();
        }
      }
      throw new IOException("no " + command);
    }

    @Test
    void theDiscoveryScriptSaysWhatSparkAsksFor() throws Exception {
      Scripts.Said said =
          run("gpu/discover-gpus.sh", "[[ $* == *index* ]] && printf '0\\r\\n1\\n10\\n'\n");
      assertThat(said.errors()).isEmpty();
      assertThat(said.output())
          .isEqualTo("{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\",\"10\"]}\n");
      assertThat(said.code()).isZero();
    }

    @Test
    void withoutADriverTheDiscoveryScriptFailsAndSaysWhy() throws Exception {
      Scripts.Said said = run("gpu/discover-gpus.sh", "");
      assertThat(said.code()).isEqualTo(1);
      assertThat(said.output()).isEmpty();
      assertThat(said.errors())
          .startsWith("discover-gpus: there is no nvidia-smi on the path of ")
          .endsWith(": install NVIDIA's driver, or ask for no GPU of this machine\n");
    }

    @Test
    void aDriverThatFindsNoneIsQuoted() throws Exception {
      Scripts.Said said = run("gpu/discover-gpus.sh", "echo 'No devices were found'; exit 6\n");
      assertThat(said.code()).isEqualTo(1);
      assertThat(said.output()).isEmpty();
      assertThat(said.errors())
          .matches(
              "discover-gpus: nvidia-smi must list the GPUs of \\S+, but it says: No devices were"
                  + " found\n");
    }

    @Test
    void theCheckSaysWhatIsMissing() throws Exception {
      Scripts.Said said = run("gpu-check.sh", "");
      assertThat(said.code()).isEqualTo(2);
      assertThat(said.errors())
          .startsWith(
              "gpu-check: a machine with an NVIDIA GPU and its driver is needed: there is no"
                  + " nvidia-smi on the path of ");
    }
  }
}
