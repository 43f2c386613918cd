package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts for GPUs say where there are some, and where there are none. */
final class GpuScriptsTest {

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
