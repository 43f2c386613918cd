package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  private static final String SMILE = "\ud83d\ude00";

  @Test
  void aLongTextIsCutBetweenCharacters() {
    String most = "a".repeat(100);
    assertThat(Excerpt.of("")).isEmpty();
    assertThat(Excerpt.of(most)).isEqualTo(most);
    assertThat(Excerpt.of(most + "b")).isEqualTo(most + "...");
    assertThat(Excerpt.of(most.substring(2) + SMILE)).isEqualTo(most.substring(2) + SMILE);
    assertThat(Excerpt.of(most.substring(1) + SMILE)).isEqualTo(most.substring(1) + "...");
    assertThat(Excerpt.quoted(most.substring(2) + SMILE + "b"))
        .isEqualTo('"' + most.substring(2) + SMILE + "...\"");
    assertThat(Excerpt.start(SMILE + SMILE, 3)).isEqualTo(SMILE);
  }
}
