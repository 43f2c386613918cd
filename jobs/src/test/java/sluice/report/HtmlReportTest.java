package sluice.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {
  private static final Pattern CHART_DATA =
      Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  @Test
  void aPageWithoutSectionsIsItsHeader() {
    String html = render();

    assertThat(body(html))
        .contains("<h1><bdi>bank</bdi></h1>", "<p class=\"verdict\">Good.</p>")
        .contains("<time datetime=\"2026-03-14T09:26:53Z\">14 March 2026, 09:26 UTC</time>")
        .doesNotContain("<section", "<table", "<figure", "warnings");
  }

  @Test
  void everySectionIsThereOnceWithItsHeadingAndAnEntryInTheContents() {
    for (Section section : DemoPages.binary().sections()) {
      String html = body(render(section));
      assertThat(html).containsOnlyOnce("<section id=\"" + section.anchor() + "\"");
      assertThat(html).contains("<h2>" + section.heading() + "</h2>");
      assertThat(html)
          .contains("<a href=\"#%s\">%s</a>".formatted(section.anchor(), section.heading()));
    }
  }

  @Test
  void repeatedSectionsHaveAnchorsOfTheirOwn() {
    Rejects none = new Rejects(List.of());

    assertThat(body(render(none, none, none)))
        .contains("<section id=\"rejects\"", "<section id=\"rejects-2\"", "id=\"rejects-3\"");
  }

  @Test
  void thePolicyAllowsTheTwoScriptsByDigestAndNothingElse() {
    assertThat(render())
        .containsPattern(
            "Content-Security-Policy\" content=\"default-src &#39;none&#39;; script-src"
                + " &#39;sha256-[A-Za-z0-9+/=]{44}&#39; &#39;sha256-[A-Za-z0-9+/=]{44}&#39;;"
                + " style-src &#39;unsafe-inline&#39;; img-src data:; base-uri &#39;none&#39;;"
                + " form-action &#39;none&#39;\"");
  }

  @Test
  void hostileTextIsNeverMarkup() {
    String html = HtmlReport.render(HostilePage.page());
    String markup = CHART_DATA.matcher(body(html)).replaceAll("");

    assertThat(markup).doesNotContain("<script", "<img", "<svg onload", "<b>", "\u0000", "\u202e");
    assertThat(markup).contains("&lt;/script&gt;&lt;script&gt;window.pwned=1&lt;/script&gt;");
    assertThat(html.split("<script", -1)).hasSize(1 + 2 + 12);
    assertThat(html).doesNotContain("x<b>x<b>");
  }

  @Test
  void chartDataIsJsonThatCannotEndItsElement() throws IOException {
    String html = HtmlReport.render(HostilePage.page());
    List<String> data =
        CHART_DATA.matcher(html).results().map((MatchResult match) -> match.group(1)).toList();

    assertThat(data).hasSize(12);
    for (String json : data) {
      assertThat(json).doesNotContainPattern("[<>&\u2028\u2029]");
      JsonNode chart = new ObjectMapper().readTree(json);
      assertThat(chart.get("kind").asText()).isNotEmpty();
    }
    assertThat(new ObjectMapper().readTree(data.get(0)).at("/lines/0/name").asText())
        .isEqualTo(Text.name(HostilePage.SCRIPT));
  }

  @Test
  void absentFiguresHaveTheirReasonInATooltipAndAFootnote() {
    String why = "only one class in these rows";
    String html =
        body(
            render(
                new PerClass(
                    List.of("precision", "recall"),
                    List.of(
                        new PerClass.ClassRow(
                            "yes", 3, List.of(Figure.absent(why), Figure.absent(why))),
                        new PerClass.ClassRow(
                            "no", 4, List.of(Figure.of(0.5), Figure.of(Double.NaN)))))));

    assertThat(html)
        .contains("<span class=\"absent\" title=\"" + why + "\">n/a<sup>a</sup></span>")
        .containsOnlyOnce("<li><sup>a</sup> n/a: " + why + "</li>")
        .contains("<li><sup>b</sup> n/a: the result is not a finite number (NaN)</li>")
        .contains("<td class=\"num\" data-value=\"0.5\">0.5000</td>");
  }

  @Test
  void whatIsBetterThanAllOthersIsMarkedAndDifferencesStandBelow() {
    Comparison comparison =
        new Comparison(
            "",
            List.of("network", "a", "b"),
            List.of(
                new Comparison.Row(
                    "logLoss", List.of(Figure.of(0.3), Figure.of(0.2), Figure.of(0.25)), 1),
                new Comparison.Row(
                    "seconds", List.of(Figure.of(1), Figure.of(2), Figure.absent("not run")))),
            List.of(
                new Comparison.Row(
                    "logLoss", List.of(Figure.of(0.1, 0.05, 0.15), Figure.of(0.05, -0.01, 0.11)))));

    assertThat(body(render(comparison)))
        .contains("Log loss<", "seconds<", "The network less each model")
        .contains("<td class=\"num\" data-value=\"0.3\">0.3000</td>")
        .contains("<td class=\"num best\" data-value=\"0.2\">0.2000")
        .contains("<td class=\"num\" data-value=\"1.0\">1.000</td>")
        .contains(
            "<td class=\"num\" data-value=\"0.05\">0.05000<small class=\"interval\">−0.01000 to 0.1100</small></td>");
    assertThatThrownBy(
            () ->
                new Comparison(
                    "",
                    List.of("network"),
                    List.of(),
                    List.of(new Comparison.Row("x", List.of(Figure.of(1))))))
        .hasMessage("x must have a figure for each of 0 models, got 1 and the best at -1");
  }

  @Test
  void theLedgerSaysWhetherItAddsUp() {
    LedgerTable whole = new LedgerTable(100, 1, 2, 3, 60, 20, 14, 40, LedgerTable.Parts.APART);
    LedgerTable broken = new LedgerTable(100, 1, 2, 3, 60, 20, 10, 0, LedgerTable.Parts.APART);
    LedgerTable same = new LedgerTable(4, 0, 0, 0, 4, 4, 4, 0, LedgerTable.Parts.SAME_ROWS);

    assertThat(whole.accounted()).isEqualTo(100);
    assertThat(body(render(whole)))
        .contains("✓ adds up", "An epoch trains on 100 rows: 60 of train and 40 added");
    assertThat(body(render(broken))).contains("✗ does not add up: −4 rows differ");
    assertThat(body(render(same))).contains("✓ adds up", "train = test");
  }

  @Test
  void slicesWithFewRowsAreFlagged() {
    Slices slices =
        new Slices(
            "job",
            List.of("rocAuc"),
            List.of(
                new Slices.Slice("many", 100, List.of(Figure.of(0.7, 0.6, 0.8))),
                new Slices.Slice("rare", 99, List.of(Figure.of(0.7, 0.1, 0.9)))),
            100,
            "");

    assertThat(body(render(slices)))
        .contains("<bdi>rare</bdi> <span class=\"flag\">few</span>")
        .contains("<bdi>many</bdi></th>")
        .contains("fewer than 100 rows", "ROC AUC, 0.1000–0.9000");
  }

  @Test
  void tokensOfManyClassesAreALineEach() {
    List<Tokens.Side> sides =
        IntStream.range(0, 9)
            .mapToObj(
                i ->
                    new Tokens.Side(
                        "class " + i,
                        IntStream.range(0, 6)
                            .mapToObj(j -> new Tokens.Token("满意" + i + j, 0.5 - j / 16.0, 7))
                            .toList()))
            .toList();

    assertThat(body(render(new Tokens("the network", "Lead.", "Change", sides, "Note."))))
        .contains(
            "<bdi>class 8</bdi></th><td class=\"values\"><bdi>满意80</bdi>\u00a0<small>0.5000</small>, ")
        .contains("<bdi>满意84</bdi>\u00a0<small>0.2500</small></td>")
        .doesNotContain("满意85", "class=\"plot");
    assertThat(body(render(new Tokens("the network", "Lead.", "Change", sides.subList(0, 2), ""))))
        .contains(
            "<figcaption>class 1</figcaption>", "aria-label=\"6 tokens, the strongest is 满意10.\"")
        .contains("<bdi>满意15</bdi></th><td class=\"num\" data-value=\"0.1875\">0.1875</td>")
        .contains("data-value=\"7\">7</td>");
    assertThat(
            body(
                render(
                    new Tokens(
                        "the network",
                        "Lead.",
                        "Change",
                        List.of(new Tokens.Side("a", List.of())),
                        ""))))
        .contains("No token that enough rows have changes a prediction.");
  }

  @Test
  void manyClassesAreListedByTheirConfusions() {
    int classes = 40;
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    List<List<Long>> counts = new ArrayList<>();
    for (int actual = 0; actual < classes; actual++) {
      List<Long> row = new ArrayList<>();
      for (int predicted = 0; predicted < classes; predicted++) {
        row.add(predicted == actual ? 10L : actual == 7 && predicted == 9 ? 30L : 0L);
      }
      counts.add(row);
    }

    assertThat(body(render(new ConfusionMatrix(labels, counts))))
        .contains("The matrix has 40 classes")
        .contains("<bdi>class 7</bdi></th><td><bdi>class 9</bdi></td>", ">75.0 %<")
        .doesNotContain("class=\"matrix\"");
  }

  @Test
  void longTablesSayWhatTheyLeaveOut() {
    List<Rejects.Reason> reasons =
        IntStream.range(0, 1_300)
            .mapToObj(i -> new Rejects.Reason("rule " + i, "reason", 1))
            .toList();

    assertThat(body(render(new Rejects(reasons))))
        .contains("rule 299<", "and 1,000 more that are not shown")
        .doesNotContain("rule 300<");
  }

  @Test
  void longCurvesAreThinnedAndKeepTheirEnds() throws IOException {
    List<Point> points =
        IntStream.rangeClosed(0, 100_000)
            .mapToObj(i -> new Point(i / 100_000.0, Math.sqrt(i / 100_000.0)))
            .toList();
    Curves curves =
        new Curves(
            "",
            List.of(new Curves.Curve("network", points, 2 / 3.0)),
            List.of(),
            null,
            List.of(),
            null);
    Matcher data = CHART_DATA.matcher(body(render(curves)));
    assertThat(data.find()).isTrue();
    JsonNode drawn = new ObjectMapper().readTree(data.group(1)).at("/lines/0/points");

    assertThat(drawn.size()).isBetween(300, Chart.MOST_POINTS);
    assertThat(drawn.get(0).toString()).isEqualTo("[0.0,0.0]");
    assertThat(drawn.get(drawn.size() - 1).toString()).isEqualTo("[1.0,1.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void coloursAreReadable(String scheme) throws IOException {
    String css = css();
    int dark = css.indexOf("prefers-color-scheme: dark");
    String colours = scheme.equals("light") ? css.substring(0, dark) : css.substring(dark);

    for (String text : List.of("ink", "muted", "accent", "good")) {
      assertThat(contrast(colours, text, "paper")).as(text).isGreaterThan(4.5);
    }
    assertThat(contrast(colours, "warn", "warn-paper")).isGreaterThan(4.5);
    assertThat(contrast(colours, "good", "good-paper")).isGreaterThan(4.5);
    assertThat(contrast(colours, "muted", "sunken")).isGreaterThan(4.5);
    for (int series = 0; series < Chart.COLOURS; series++) {
      assertThat(contrast(colours, "s" + series, "paper")).as("s" + series).isGreaterThan(3.0);
    }
  }

  @Test
  void inputsThatContradictThemselvesAreRefused() {
    assertThatThrownBy(() -> new Figure(null, null, null, ""))
        .hasMessage("a figure has a value or a reason for its absence, got null and \"\"");
    assertThatThrownBy(() -> new Figure(0.5, 0.4, null, ""))
        .hasMessage("an interval has two ends and a value, got 0.4 to null around 0.5");
    assertThatThrownBy(() -> new Bins(List.of(0.0, 0.0), List.of(1L)))
        .hasMessage("edges must rise, got [0.0, 0.0]");
    assertThatThrownBy(() -> new ConfusionMatrix(List.of("a", "b"), List.of(List.of(1L, 2L))))
        .hasMessage("a confusion matrix of 2 classes must be square");
  }

  private static String render(Section... sections) {
    return HtmlReport.render(
        new ReportPage(
            "bank",
            "binary",
            Instant.parse("2026-03-14T09:26:53.123Z"),
            "bank-1",
            "Good.",
            List.of(),
            List.of(sections)));
  }

  private static String body(String html) {
    int start = html.indexOf("<body>");
    return html.substring(start, html.indexOf("<footer>"));
  }

  private static String css() throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream("/sluice/report/report.css")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** WCAG 2.1 contrast of two colours of the style sheet. */
  private static double contrast(String css, String one, String other) {
    double a = luminance(css, one);
    double b = luminance(css, other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String css, String name) {
    Matcher colour = Pattern.compile("--" + name + ": #([0-9a-f]{6});").matcher(css);
    assertThat(colour.find()).as(name).isTrue();
    int rgb = Integer.parseInt(colour.group(1), 16);
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double share = (channel & 0xff) / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
