package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.plugin.SparkPlugin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files of {@code conf/spark} say must fit together, and what they name must be there. */
final class SparkSettingsTest {
  private static final Path FOLDER = Scripts.ROOT.resolve("conf/spark");

  private static Properties read(String name) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(FOLDER.resolve(name))) {
      properties.load(reader);
    }
    return properties;
  }

  /** Heap, arrays and a gibibyte: {@code sluice.network.ProcessMemory} takes no step beyond. */
  @ParameterizedTest
  @ValueSource(strings = {"standalone.conf", "yarn.conf", "kubernetes.conf", "gpu.conf"})
  void theOverheadIsWhatArraysAndTheRestMayTake(String name) throws IOException {
    Properties properties = read(name);
    for (String process : new String[] {"driver", "executor"}) {
      String options = properties.getProperty("spark." + process + ".extraJavaOptions");
      Matcher arrays = Pattern.compile("javacpp\\.maxbytes=(\\d+)m").matcher(options);
      assertThat(arrays.find()).as(options).isTrue();
      assertThat(properties.getProperty("spark." + process + ".memoryOverhead"))
          .isEqualTo(Integer.parseInt(arrays.group(1)) + 1024 + "m");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"standalone.conf", "yarn.conf", "kubernetes.conf", "gpu.conf"})
  void executorsAreFixedAndWhatIsNamedIsThere(String name) throws Exception {
    Properties properties = read(name);
    assertThat(properties)
        .containsEntry("spark.dynamicAllocation.enabled", "false")
        .containsEntry("spark.speculation", "false")
        .containsEntry("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "1");
    assertThat(
            Class.forName(properties.getProperty("spark.plugins"))
                .getDeclaredConstructor()
                .newInstance())
        .isInstanceOf(SparkPlugin.class);
    String discovery =
        properties.getProperty("spark.executor.resource.gpu.discoveryScript", "scripts/sluice");
    assertThat(Scripts.ROOT.resolve(discovery)).isExecutable();
  }
}
