package sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page as a real Chromium shows it. */
@Tag("server")
class ReportInBrowserTest {
  private static final int TWO_MEGABYTES = 2_000_000;

  private static Path directory;
  private static Browser browser;

  private record Demo(String name, ReportPage page, int charts, List<String> texts) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Demo> demos() {
    return Stream.of(
        new Demo(
            "binary",
            DemoPages.binary(),
            8,
            List.of("gradient-boosted trees", "By job", "✓ adds up", "poutcome")),
        new Demo(
            "multiclass",
            DemoPages.multiclass(),
            4,
            List.of("Car Entertainment System", "Confusion matrix")),
        new Demo(
            "regression",
            DemoPages.regression(),
            5,
            List.of("RMSE", "Predicted and actual", "2,099,970")),
        new Demo(
            "four points",
            DemoPages.fourPoints(),
            2,
            List.of("Measured on training rows", "Decision surface")),
        new Demo(
            "texts",
            DemoPages.texts(),
            2,
            List.of("失望", "<br>", "好评都是假的 שלום 👩‍🚀", "58 … 287 … 1,999", "3.1 %")),
        new Demo("hostile", HostilePage.page(), 12, List.of("window.pwned=1", "␀", "__proto__")));
  }

  @BeforeAll
  static void start(@TempDir Path temporary) throws IOException, InterruptedException {
    directory = temporary;
    browser = new Browser(Files.createDirectory(temporary.resolve("profile")));
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  @BeforeEach
  void desktop() throws InterruptedException {
    screen(1280, "light");
    browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", false));
  }

  @ParameterizedTest
  @MethodSource("demos")
  void drawsEveryChartAndAsksForNothing(Demo demo) throws IOException, InterruptedException {
    Path file = open(demo.page());

    assertThat(browser.problems()).isEmpty();
    assertThat(browser.requests())
        .allMatch(url -> url.equals(file.toUri().toString()) || url.equals("data:,"));
    assertThat(Files.size(file)).isLessThan(TWO_MEGABYTES);
    assertThat(count("figure.chart.drawn .plot svg")).isEqualTo(demo.charts());
    assertThat(count("figure.chart")).isEqualTo(demo.charts());
    assertThat(count("figure.chart .plot svg path")).isGreaterThan(10 * demo.charts());
    assertThat(count("details.numbers[open]")).isZero();
    assertThat(browser.evaluate("document.body.textContent").asText()).contains(demo.texts());
  }

  @ParameterizedTest
  @MethodSource("demos")
  void fitsAPhoneAndTurnsDark(Demo demo) throws IOException, InterruptedException {
    screen(390, "dark");
    open(demo.page());

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(390);
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(21, 24, 28)");
  }

  @ParameterizedTest
  @MethodSource("demos")
  void readsWithoutScripts(Demo demo) throws IOException, InterruptedException {
    browser.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    open(demo.page());

    assertThat(count("figure.chart .plot svg")).isZero();
    assertThat(visible("figure.chart .plot")).isZero();
    assertThat(visible("figure.chart table")).isGreaterThanOrEqualTo(demo.charts());
  }

  @ParameterizedTest
  @MethodSource("demos")
  void prints(Demo demo) throws IOException, InterruptedException {
    open(demo.page());
    byte[] pdf =
        Base64.getDecoder().decode(browser.send("Page.printToPDF", Map.of()).get("data").asText());

    assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    assertThat(browser.problems()).isEmpty();
  }

  @Test
  void showsHostileTextAndNeverRunsIt() throws IOException, InterruptedException {
    open(HostilePage.page());
    browser.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true);"
            + "document.querySelectorAll('button, input').forEach(b => { b.click(); b.click(); })");
    hoverEveryChart();

    assertThat(browser.evaluate("typeof window.pwned").asText()).isEqualTo("undefined");
    assertThat(browser.problems()).isEmpty();
    assertThat(browser.requests()).hasSizeLessThanOrEqualTo(2);
    assertThat(count("img, iframe, object, embed, [onerror], [onload], [onmouseover]")).isZero();
    assertThat(count("script:not([type])")).isEqualTo(2);
    assertThat(count("script")).isEqualTo(2 + count("figure.chart"));
    assertThat(browser.evaluate("Object.prototype.pwned === undefined").asBoolean()).isTrue();
    assertThat(browser.evaluate("document.querySelector('h1').textContent").asText())
        .isEqualTo(Text.name(HostilePage.SCRIPT));
    assertThat(browser.evaluate("document.querySelector('.verdict').textContent").asText())
        .isEqualTo(HostilePage.SCRIPT + "user\uFFFDtxt.exe\uFFFD שלום עולם");
    assertThat(longestText("main p, main dd")).isLessThanOrEqualTo(2 * Text.LONGEST_PROSE);
    assertThat(longestText("main bdi")).isLessThanOrEqualTo(2 * Text.LONGEST_TITLE);
  }

  @Test
  void tooltipsAreTextToo() throws IOException, InterruptedException {
    open(HostilePage.page());
    browser.evaluate(
        "document.querySelector('#importance .plot').scrollIntoView({behavior: 'instant'})");
    JsonNode box =
        browser.evaluate(
            "(() => { const b = document.querySelector('#importance .plot')"
                + ".getBoundingClientRect(); return {x: b.x, y: b.y, w: b.width}; })()");
    hover(box.get("x").asDouble() + 0.4 * box.get("w").asDouble(), box.get("y").asDouble() + 17);

    assertThat(
            browser
                .evaluate("document.querySelector('#importance .plot svg').textContent")
                .asText())
        .contains("0.5 (0.4 to 0.6)");
    assertThat(browser.evaluate("typeof window.pwned").asText()).isEqualTo("undefined");
  }

  @Test
  void sortsTablesByTheirValues() throws IOException, InterruptedException {
    open(DemoPages.binary());
    assertThat(slices()).startsWith("blue-collar", "management").endsWith("unknown few");

    click("#slices th:nth-child(3) button");
    assertThat(slices()).startsWith("student", "entrepreneur").endsWith("unknown few");
    click("#slices th:nth-child(3) button");
    assertThat(slices()).startsWith("retired", "unemployed").endsWith("unknown few");
    assertThat(count("#slices th[aria-sort=descending]")).isEqualTo(1);
    click("#slices th:nth-child(1) button");
    assertThat(slices()).startsWith("admin.", "blue-collar");
  }

  @Test
  void turnsTheConfusionMatrixIntoShares() throws IOException, InterruptedException {
    open(DemoPages.binary());
    assertThat(browser.evaluate("document.querySelector('.matrix').innerText").asText())
        .contains("5,612")
        .doesNotContain("93.7 %");

    click("label[for=confusion-shares]");
    assertThat(browser.evaluate("document.querySelector('.matrix').innerText").asText())
        .contains("93.7 %", "40.5 %")
        .doesNotContain("5,612");
  }

  @Test
  void hidesALineWhenItsLegendIsPressed() throws IOException, InterruptedException {
    open(DemoPages.binary());
    String dashed = "#curves .plot svg path[stroke=\"var(--s1)\"]";
    int before = count(dashed);

    click("#curves .legend li:nth-child(2) button");
    settle();
    assertThat(before).isEqualTo(4);
    assertThat(count(dashed)).isEqualTo(before - 1);
    assertThat(count("#curves .legend [aria-pressed=false]")).isEqualTo(1);
  }

  private static Path open(ReportPage page) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("report.html"), HtmlReport.render(page));
    browser.open(file);
    return file;
  }

  private static void screen(int width, String scheme) throws InterruptedException {
    browser.send(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    browser.send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private static int count(String selector) throws InterruptedException {
    return browser.evaluate("document.querySelectorAll(`" + selector + "`).length").asInt();
  }

  private static int visible(String selector) throws InterruptedException {
    return browser
        .evaluate(
            "[...document.querySelectorAll(`%s`)].filter(e => e.getClientRects().length).length"
                .formatted(selector))
        .asInt();
  }

  private static int longestText(String selector) throws InterruptedException {
    return browser
        .evaluate(
            "Math.max(...[...document.querySelectorAll(`%s`)].map(e => e.textContent.length))"
                .formatted(selector))
        .asInt();
  }

  private static void click(String selector) throws InterruptedException {
    browser.evaluate("document.querySelector(`" + selector + "`).click()");
  }

  private static List<String> slices() throws InterruptedException {
    return browser
        .evaluate(
            "[...document.querySelectorAll('#slices tbody th')].map(h => h.textContent).join('|')")
        .asText()
        .lines()
        .flatMap(line -> List.of(line.split("\\|", -1)).stream())
        .toList();
  }

  private static void hoverEveryChart() throws InterruptedException {
    int charts = count("figure.chart .plot");
    for (int i = 0; i < charts; i++) {
      JsonNode box =
          browser.evaluate(
              ("(() => { const p = document.querySelectorAll('figure.chart .plot')[%d];"
                      + " p.scrollIntoView({behavior: 'instant'}); const b = p.getBoundingClientRect();"
                      + " return {x: b.x, y: b.y, w: b.width, h: b.height}; })()")
                  .formatted(i));
      for (double share : new double[] {0.35, 0.5, 0.65}) {
        hover(
            box.get("x").asDouble() + share * box.get("w").asDouble(),
            box.get("y").asDouble() + share * box.get("h").asDouble());
      }
    }
  }

  private static void hover(double x, double y) throws InterruptedException {
    browser.send("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
    settle();
  }

  /** Waits for what the last action set off to be drawn. */
  private static void settle() throws InterruptedException {
    browser.send(
        "Runtime.evaluate",
        Map.of(
            "expression",
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
            "awaitPromise",
            true));
  }
}
