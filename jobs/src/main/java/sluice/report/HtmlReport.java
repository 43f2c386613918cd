package sluice.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.data.Sha256;

/**
 * Writes a {@link ReportPage} as one HTML file that needs nothing else: styles, scripts and data
 * are inside, and its Content-Security-Policy forbids every request as well as every script but the
 * two it was written with, by their digests.
 */
public final class HtmlReport {
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HtmlReport() {}

  /** The file's text, to be written as UTF-8. */
  public static String render(ReportPage page) {
    String echarts = resource(ECHARTS);
    String script = resource("/sluice/report/report.js");
    String style = resource("/sluice/report/report.css");
    List<String> anchors = anchors(page.sections());
    Html html = new Html();
    html.open("html", "lang", "en");
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy(echarts, script));
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty("meta", "name", "referrer", "content", "no-referrer");
    html.element("title", Text.name(page.title()) + " · Sluice report");
    html.empty("link", "rel", "icon", "href", "data:,");
    html.opaque("style", style).close();
    html.open("body");
    html.element("a", "Skip to the results", "class", "skip", "href", "#main");
    contents(html, page, anchors);
    html.open("main", "id", "main");
    header(html, page);
    for (int i = 0; i < page.sections().size(); i++) {
      Section section = page.sections().get(i);
      html.open("section", "id", anchors.get(i), "class", "section-" + section.anchor());
      html.element("h2", section.heading());
      section.writeTo(html);
      html.close();
    }
    html.close();
    html.open("footer").text("Written by Sluice. This file is complete: it loads nothing.").close();
    html.opaque("script", echarts).opaque("script", script);
    return "<!DOCTYPE html>\n" + html.close().close().markup() + "\n";
  }

  private static void header(Html html, ReportPage page) {
    Instant when = page.when().truncatedTo(ChronoUnit.SECONDS);
    html.open("header");
    html.open("p", "class", "eyebrow").text("Evaluation · ").name(page.task()).close();
    html.open("h1").name(page.title()).close();
    if (!page.warnings().isEmpty()) {
      html.open("div", "class", "warnings", "role", "note", "aria-label", "Warnings");
      page.warnings().forEach(warning -> html.element("p", Text.prose(warning)));
      html.close();
    }
    html.paragraph(page.verdict(), "verdict");
    html.open("p", "class", "facts");
    html.element("time", DAY_AND_TIME.format(when), "datetime", when.toString());
    html.text(" · bundle ").open("code").name(page.bundleId()).close();
    html.close().close();
  }

  private static void contents(Html html, ReportPage page, List<String> anchors) {
    html.open("nav", "aria-label", "Contents").open("ul");
    for (int i = 0; i < page.sections().size(); i++) {
      html.open("li").open("a", "href", "#" + anchors.get(i));
      html.text(page.sections().get(i).heading()).close().close();
    }
    html.close().close();
  }

  private static List<String> anchors(List<Section> sections) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> anchors = new ArrayList<>();
    for (Section section : sections) {
      int times = seen.merge(section.anchor(), 1, Integer::sum);
      anchors.add(times == 1 ? section.anchor() : section.anchor() + "-" + times);
    }
    return anchors;
  }

  /** Styles may stand on elements, where charts set them; nothing may be fetched from anywhere. */
  private static String policy(String... scripts) {
    StringBuilder digests = new StringBuilder();
    for (String script : scripts) {
      digests.append(" 'sha256-").append(digest(script)).append('\'');
    }
    return "default-src 'none'; script-src"
        + digests
        + "; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
  }

  private static String digest(String text) {
    return Base64.getEncoder().encodeToString(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String resource(String path) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
