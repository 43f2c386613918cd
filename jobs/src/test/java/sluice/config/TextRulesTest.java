package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.clean.DropNearDuplicates;
import sluice.clean.Rule;
import sluice.clean.Rule.At;
import sluice.clean.text.C4Quality;
import sluice.clean.text.GopherQuality;
import sluice.clean.text.MaskPersonal;
import sluice.clean.text.MaskPersonal.Kind;
import sluice.clean.text.NormaliseText;
import sluice.clean.text.RejectLanguage;
import sluice.clean.text.RejectLength;
import sluice.clean.text.RejectQuality;
import sluice.clean.text.Repetition;
import sluice.clean.text.StripHtml;
import sluice.data.InvalidInput;

/** Rules for texts as a configuration has them, with the thresholds of the papers as defaults. */
final class TextRulesTest {
  private static List<Rule> rules(Path directory, String rules) throws IOException {
    Path file = directory.resolve("p.conf");
    Files.writeString(
        file,
        """
        pipeline { name = p }
        ingest { format = parquet, path = "x.parquet", schema = "x DOUBLE, t STRING, y STRING" }
        clean.rules = [
        %s
        ]
        normalise {
          label.column = y
          features = [{ columns = [x], steps = [standardise] }]
        }
        """
            .formatted(rules));
    return ConfigReader.ofPipelines().read(file, List.of()).value().clean().rules();
  }

  @Test
  void theDefaultsAreThoseOfThePapers(@TempDir Path directory) throws IOException {
    assertThat(
            rules(
                directory,
                """
                normalise-text
                strip-html
                mask-personal
                { type = reject-length, columns = t, at-least = 3, unit = words }
                { type = reject-language, column = t, keep = [en, zh] }
                { type = reject-quality, column = t, heuristics = c4 }
                { type = reject-quality, column = t, heuristics = gopher, at = training }
                { type = drop-near-duplicates, column = t }
                """))
        .containsExactly(
            new NormaliseText(
                List.of(),
                NormaliseText.Form.NFC,
                NormaliseText.Spaces.COLLAPSE,
                NormaliseText.Controls.REMOVE,
                At.ALWAYS),
            new StripHtml(List.of(), At.ALWAYS),
            new MaskPersonal(
                List.of(), List.of(Kind.MAIL, Kind.PHONE, Kind.CARD, Kind.CHINESE_ID), At.ALWAYS),
            new RejectLength(List.of("t"), 3, null, RejectLength.Unit.WORDS, At.ALWAYS),
            new RejectLanguage("t", List.of("en", "zh"), 0.5, At.ALWAYS),
            new RejectQuality("t", C4Quality.OF_C4, At.ALWAYS),
            new RejectQuality("t", GopherQuality.OF_MASSIVE_TEXT, At.TRAINING),
            new DropNearDuplicates("t", 0.8));
  }

  private static GopherQuality gopher(int words, double lines) {
    return new GopherQuality(
        new GopherQuality.WordBounds(
            words,
            100_000,
            3,
            10,
            0.1,
            0.8,
            List.of("the", "be", "to", "of", "and", "that", "have", "with"),
            2),
        new GopherQuality.LineBounds(0.9, 0.3),
        new Repetition(
            lines,
            0.3,
            0.2,
            0.2,
            List.of(0.2, 0.18, 0.16),
            List.of(0.15, 0.14, 0.13, 0.12, 0.11, 0.1)));
  }

  @Test
  void aThresholdAloneLeavesTheOthers(@TempDir Path directory) throws IOException {
    assertThat(
            rules(
                directory,
                """
                { type = reject-quality, column = t, heuristics {
                  type = gopher, words { at-least = 20 }, repetition { lines-at-most = 0.5 }
                } }
                { type = normalise-text, columns = t, form = nfkc, white-space = lines }
                """))
        .containsExactly(
            new RejectQuality("t", gopher(20, 0.5), At.ALWAYS),
            new NormaliseText(
                List.of("t"),
                NormaliseText.Form.NFKC,
                NormaliseText.Spaces.LINES,
                NormaliseText.Controls.REMOVE,
                At.ALWAYS));
  }

  @Test
  void everyFaultIsToldWithItsPlace(@TempDir Path directory) {
    assertThatThrownBy(
            () ->
                rules(
                    directory,
                    """
                    { type = reject-language, column = t, keep = [en], at-least = 50 }
                    { type = reject-quality, column = t, heuristics = c5 }
                    { type = mask-personal, kinds = [mail, name] }
                    { type = reject-quality, column = t, heuristics { type = gopher, words { at-least = 0 } } }
                    """))
        .isInstanceOf(InvalidInput.class)
        .extracting(e -> ((InvalidInput) e).problems())
        .isEqualTo(
            List.of(
                directory + "/p.conf: 4: clean.rules[0].at-least must be between 0 and 1, got 50",
                directory
                    + "/p.conf: 5: clean.rules[1].heuristics must be one of c4, gopher, got \"c5\"; did you mean c4?",
                directory
                    + "/p.conf: 6: clean.rules[2].kinds[1] must be one of mail, chinese-id, card, phone, got \"name\"",
                directory
                    + "/p.conf: 7: clean.rules[3].heuristics.words.at-least must be at least 1, got 0"));
  }
}
