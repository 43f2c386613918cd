package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import sluice.data.SessionSettings;
import sluice.testing.LocalSpark;

final class SessionTest {

  private static Map<String, String> settings(
      Map<String, String> section, Map<String, String> submitted) {
    SparkConf conf = new SparkConf(false);
    submitted.forEach(conf::set);
    return Arrays.stream(Session.settings("sluice train bank", section, conf).getAll())
        .collect(Collectors.toMap(pair -> pair._1(), pair -> pair._2()));
  }

  private static Map<String, String> withFixed(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(SessionSettings.fixed());
    all.put("spark.broadcast.compress", "false");
    all.put(
        "spark.redaction.regex",
        "(?i)secret|password|passwd|passphrase|token|credential"
            + "|(access|account|api|private|shared)[.]?key|://[^/\\s]*@");
    all.put("spark.task.maxDirectResultSize", "64m");
    all.putAll(more);
    return all;
  }

  @Test
  void aLocalRunTakesEveryCoreAndShowsNoPage() {
    assertThat(settings(Map.of("spark.sql.shuffle.partitions", "8"), Map.of()))
        .isEqualTo(
            withFixed(
                Map.of(
                    "spark.sql.shuffle.partitions", "8",
                    "spark.app.name", "sluice train bank",
                    "spark.master", "local[*]",
                    "spark.ui.enabled", "false",
                    "spark.executor.killOnFatalError.depth", "0",
                    "spark.driver.host", "127.0.0.1",
                    "spark.driver.bindAddress", "127.0.0.1",
                    "spark.sql.warehouse.dir",
                        System.getProperty("java.io.tmpdir") + "/sluice-warehouse")));
  }

  @Test
  void whatIsSubmittedWinsButForWhatIsFixed() {
    assertThat(
            settings(
                Map.of("spark.sql.shuffle.partitions", "8", "spark.master", "local[1]"),
                Map.of(
                    "spark.sql.shuffle.partitions", "200",
                    "spark.master", "spark://host:7077",
                    "spark.app.name", "mine",
                    "spark.sql.session.timeZone", "Asia/Tokyo")))
        .isEqualTo(
            withFixed(
                Map.of(
                    "spark.sql.shuffle.partitions", "200",
                    "spark.master", "spark://host:7077",
                    "spark.app.name", "mine")));
  }

  @Test
  void aNameThatNobodyGaveSaysWhatTheApplicationDoes() {
    assertThat(settings(Map.of(), Map.of("spark.app.name", "sluice.cli.Main")))
        .containsEntry("spark.app.name", "sluice train bank");
  }

  @Test
  void theSectionMayAskForThePage() {
    assertThat(settings(Map.of("spark.ui.enabled", "true", "spark.master", "local[1]"), Map.of()))
        .containsEntry("spark.ui.enabled", "true")
        .containsEntry("spark.master", "local[1]");
  }

  @Test
  void aSessionThatIsOpenIsUsedAndStaysOpen() {
    SparkSession there = LocalSpark.session();
    try (Session session = Session.open("sluice test", Map.of("spark.master", "local[7]"))) {
      assertThat(session.spark()).isSameAs(there);
    }
    assertThat(there.sparkContext().isStopped()).isFalse();
  }
}
