package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Cleaning;
import sluice.clean.Rule.At;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.RawRecord;

class StripHtmlTest {
  private static final StripHtml RULE = new StripHtml(List.of(), At.ALWAYS);

  static Stream<Arguments> pages() {
    return Stream.of(
        page("<p>One  <b>bold</b>\nword.</p><p>Two.</p>", "One bold word.\nTwo."),
        page("a<br>b<br/><br>c", "a\nb\nc"),
        page("x<script>if (a < b) alert('</p>')</script>y<style>p {}</style>z", "xyz"),
        page("a<!-- not \n this -->b<![CDATA[c]]>", "ab"),
        page("<table><tr><td>1<td>2<tr><td>3</table>", "1 2\n3"),
        page("<ul><li>one<li>two</ul>", "one\ntwo"),
        page("<pre>  two\n    four</pre>", "  two\n    four"),
        page("<html><head><title>T</title></head><body onload=x()>B</body></html>", "T\nB"),
        page("<noscript>Turn it on</noscript><template>t</template>x", "x"),
        page("&lt;b&gt; &amp; &#x4e2d;&#25991; &nbsp;&eacute;", "<b> & \u4e2d\u6587 \u00a0\u00e9"),
        page("<i>&lt;script&gt;</i>", "<script>"),
        page("<p>Write to <MAIL>!<p><CHINESE-ID>", "Write to <MAIL>!\n<CHINESE-ID>"),
        page("<br>", null),
        page("<img src=x onerror=alert(1)>", null),
        // Unterminated: an entity as browsers read it, a tag as they drop it.
        page("&copy 2024 &ampx; &#99999999; &#0; &#", "\u00a9 2024 &x; \ufffd \ufffd &#"),
        page("<p>a<b", "a"),
        page("<p>a</", "a</"),
        page("a < b, c > d <p>", "a < b, c > d"));
  }

  private static Arguments page(String html, @Nullable String text) {
    return Arguments.of(html, text);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatAReaderSeesStays(String html, @Nullable String text) {
    assertThat(RULE.changed(html)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a \r\n\tb ",
        "1 < 2 & 3 > 2",
        "AT&T & you; &;",
        "<3 <- <",
        "<MAIL> or <PHONE>",
        "\u0000\u200b\ufeff\u202e",
        "\u4e2d\u6587\u3002"
      })
  void whatIsNoHtmlStaysToTheBit(String text) {
    assertThat(RULE.changed(text)).isEqualTo(text);
  }

  /** Rows that are no HTML keep what stands in angle brackets. */
  @Test
  void onlyRowsThatSaySoAreHtml() {
    StripHtml rule = new StripHtml(List.of("t"), "html", At.ALWAYS);
    String text = "Jo <jo@b.com> wrote <b>";
    for (@Nullable Boolean html : new @Nullable Boolean[] {true, false, null}) {
      Map<String, @Nullable Object> row = new HashMap<>();
      row.put("t", text);
      row.put("html", html);
      assertThat(rule.change(RawRecord.of(row)).value("t"))
          .isEqualTo(Boolean.TRUE.equals(html) ? "Jo wrote" : text);
    }
    DatasetContract rows =
        new DatasetContract(
            List.of(
                new Field("t", FieldType.STRING),
                new Field("html", FieldType.BOOLEAN),
                new Field("y", FieldType.STRING)));
    assertThatThrownBy(() -> new StripHtml(List.of("t"), "y", At.ALWAYS).outputOf(rows))
        .hasMessage("where: column y must be a boolean, is string");
    assertThat(rule.without("html")).isEmpty();
    assertThat(rule.without("t")).isEmpty();
    Cleaning cleaning = new Cleaning(rows, List.of(rule));
    assertThat(cleaning.narrowedTo(List.of("t")).input().names()).containsExactly("t", "html");
    assertThat(cleaning.narrowedTo(List.of("y")).input().names()).containsExactly("y");
  }

  /** Text that a page was made of comes back, whatever the characters. */
  @Test
  void escapedTextComesBack() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder("x");
      StringBuilder html = new StringBuilder("<i>x");
      for (int k = 0; k < 30; k++) {
        int c = 0x21 + random.nextInt(i % 2 == 0 ? 0x5e : 0x9000);
        if (c < 0x7f || c > 0xa0) {
          text.appendCodePoint(c);
          html.append(c == '<' ? "&lt;" : c == '&' ? "&amp;" : Character.toString(c));
        }
      }
      assertThat(RULE.changed(html.append("</i>").toString())).isEqualTo(text.toString());
    }
  }

  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of("<div>".repeat(1_000_000) + "deep", "deep"),
        Arguments.of(
            "<div>".repeat(500_000) + "deep" + "</div>".repeat(500_000) + "out", "deep\nout"),
        Arguments.of("<b>".repeat(300_000) + "x", "x"),
        Arguments.of("<ul><li>".repeat(100_000) + "x", "x"),
        Arguments.of("<table><tr><td>".repeat(50_000) + "x", "x"),
        Arguments.of("<p><a href=x><b id=1>".repeat(20_000) + "x", "x"),
        Arguments.of("<svg><math>".repeat(100_000) + "x", "x"),
        Arguments.of("</p>".repeat(200_000) + "x", "x"),
        Arguments.of("<".repeat(1_000_000), "<".repeat(1_000_000)),
        Arguments.of("&".repeat(1_000_000), "&".repeat(1_000_000)),
        Arguments.of("<!--".repeat(500_000) + "x", null),
        Arguments.of("<a " + "b ".repeat(500_000) + ">x", "x"),
        Arguments.of("&#".repeat(300_000) + "<i>x", "&#".repeat(300_000) + "x"),
        Arguments.of("<p>" + "word ".repeat(2_000_000), "word ".repeat(2_000_000).strip()));
  }

  /** Whatever is nested or left open ends in time, and needs no deep stack. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("bombs")
  @Timeout(10)
  void hostilePagesEnd(String html, @Nullable String text) throws Exception {
    FutureTask<@Nullable String> work = new FutureTask<>(() -> RULE.changed(html));
    new Thread(null, work, "small stack", 256 << 10).start();
    // Not by equality, whose message would have megabytes.
    assertThat(Objects.equals(work.get(), text)).isTrue();
  }
}
