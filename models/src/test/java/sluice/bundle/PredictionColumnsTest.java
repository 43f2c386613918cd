package sluice.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictionColumnsTest {

  @Test
  void aLabelAndAClassMayReadLikeAnotherLabelAndClass() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    labels.put("a", List.of("b_c", "d"));
    labels.put("n", List.of());
    labels.put("a_b", List.of("c", "e"));
    assertThat(PredictionColumns.problems(labels))
        .containsExactly(
            "normalise.label: columns and classes must tell columns of predictions apart, got"
                + " probability_a_b_c twice");
    labels.put("a_b", List.of("C", "e"));
    assertThat(PredictionColumns.problems(labels)).isEmpty();
    assertThat(PredictionColumns.ofClass("a", true, "x")).isEqualTo("probability_x");
  }
}
