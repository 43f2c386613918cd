package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class NamedSettingsTest {

  @Test
  void aGroupGoesByItsNameOrItsColumnsAndNotByItsPlace() {
    Map<String, String> before =
        NamedSettings.of(
            """
            train.epochs = 4
            normalise.features[0].name = "ages"
            normalise.features[0].columns = [age, day]
            normalise.features[0].steps[0].type = "standardise"
            normalise.features[1].name = null
            normalise.features[1].columns = [job]
            normalise.features[1].steps[0].type = "one-hot"
            """);
    Map<String, String> after =
        NamedSettings.of(
            """
            train.epochs = 4
            normalise.features[0].name = null
            normalise.features[0].columns = [balance]
            normalise.features[0].steps = []
            normalise.features[1].name = "ages"
            normalise.features[1].columns = [age, day]
            normalise.features[1].steps[0].type = "standardise"
            normalise.features[2].name = null
            normalise.features[2].columns = [job]
            normalise.features[2].steps[0].type = "hashing"
            """);
    assertThat(before)
        .isEqualTo(
            Map.of(
                "train.epochs", "4",
                "normalise.features[ages].name", "\"ages\"",
                "normalise.features[ages].columns", "[age, day]",
                "normalise.features[ages].steps[0].type", "\"standardise\"",
                "normalise.features[job].name", "null",
                "normalise.features[job].columns", "[job]",
                "normalise.features[job].steps[0].type", "\"one-hot\""));
    assertThat(after.entrySet())
        .filteredOn(entry -> !before.entrySet().contains(entry))
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "normalise.features[balance].name",
            "normalise.features[balance].columns",
            "normalise.features[balance].steps",
            "normalise.features[job].steps[0].type");
  }

  @Test
  void groupsOfTheSameColumnsAreCounted() {
    assertThat(
            NamedSettings.of(
                """
                normalise.features[0].name = null
                normalise.features[0].columns = [a]
                normalise.features[1].name = "group"
                normalise.features[1].columns = [a]
                normalise.features[2].name = null
                normalise.features[2].columns = [a]
                a line that is none
                """))
        .containsOnlyKeys(
            "normalise.features[a].name",
            "normalise.features[a].columns",
            "normalise.features[group].name",
            "normalise.features[group].columns",
            "normalise.features[a #2].name",
            "normalise.features[a #2].columns");
  }
}
