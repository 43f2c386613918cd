package sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void escapesEveryCharacterThatMarkupReads() {
    assertThat(Text.escaped("<a b=\"c\" d='e'>&`</a>"))
        .isEqualTo("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;&#96;&lt;/a&gt;");
  }

  @Test
  void showsWhatCannotBeSeen() {
    assertThat(Text.visible("a\u0000b\u001bc\u007fd\ne\tf")).isEqualTo("a␀b␛c␡d\ne\tf");
    assertThat(Text.visible("\u0085 \u202E \u2066 \uD800 \uFFFE \uDBFF\uDFFF"))
        .isEqualTo("\uFFFD \uFFFD \uFFFD \uFFFD \uFFFD \uFFFD");
    assertThat(Text.visible("שלום 👩‍🚀 Ω")).isEqualTo("שלום 👩‍🚀 Ω");
  }

  @Test
  void shortensByCharactersNeverInsideOne() {
    assertThat(Text.shortened("👩👩👩👩", 3)).isEqualTo("👩👩…");
    assertThat(Text.shortened("abc", 3)).isEqualTo("abc");
    assertThat(Text.name("x".repeat(10_000))).isEqualTo("x".repeat(59) + "…");
    assertThat(Text.name("a\nb\tc")).isEqualTo("a␊b␉c");
    assertThat(Text.name(" ")).isEqualTo("(blank)");
  }
}
