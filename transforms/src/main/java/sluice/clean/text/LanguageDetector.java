package sluice.clean.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import opennlp.tools.langdetect.LanguageDetectorContextGenerator;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.ml.model.MaxentModel;

/**
 * Tells a text's language by its sequences of one to three letters: the maximum entropy model of
 * Apache OpenNLP for 103 languages (langdetect-183), which lies in the application jar. It is read
 * when the first text is judged, once in a process, and may be asked by several threads.
 *
 * <p>The model's probabilities of all languages go by the length of the text more than by how clear
 * it is: 0.05 for seventy characters of plain Chinese, the next language having 0.016. So the
 * confidence is that of the likeliest against the second.
 *
 * <p>The library's own {@code LanguageDetectorME} adds up what speaks for a language in the order
 * of a hash table. Here the order is fixed, so that confidences are the same to the bit everywhere.
 */
final class LanguageDetector {
  /** Code points that are looked at: more make a detector hardly surer. */
  private static final int MOST_CHARACTERS = 1000;

  /** What laughter is made of, and how long it may be. */
  private static final String LAUGHTER = "hjaeiouHJAEIOU";

  private static final int MOST_LAUGHTER = 20;

  static final String RESOURCE = "/langdetect-183.bin";

  private LanguageDetector() {}

  /**
   * A language.
   *
   * @param language its code of ISO 639-3
   * @param confidence its probability, if it is this or the second likeliest language, above 0.5; 1
   *     where the script tells it
   */
  record Guess(String language, double confidence) {}

  /** Read once, when it is asked first. */
  private static final class Model {
    private static final LanguageDetectorContextGenerator SEQUENCES;
    private static final MaxentModel WEIGHTS;

    static {
      try (InputStream in = LanguageDetector.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("no " + RESOURCE + " on the class path");
        }
        LanguageDetectorModel model = new LanguageDetectorModel(in);
        SEQUENCES = model.getFactory().getContextGenerator();
        WEIGHTS = model.getMaxentModel();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The likeliest language of a text, by its first 1,000 characters; none if it has no letter that
   * the model knows.
   */
  static Optional<Guess> guess(String text) {
    String start = start(text);
    if (start.codePoints().noneMatch(Character::isLetter)) {
      return Optional.empty();
    }
    Optional<String> ofScript = LanguageOfScript.of(start);
    if (ofScript.isPresent()) {
      return Optional.of(new Guess(ofScript.get(), 1));
    }
    CharSequence[] found = Model.SEQUENCES.getContext(start);
    String[] sequences =
        Arrays.stream(found).map(CharSequence::toString).distinct().sorted().toArray(String[]::new);
    double[] probabilities = Model.WEIGHTS.eval(sequences);
    int best = 0;
    int second = -1;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        second = best;
        best = i;
      } else if (second < 0 || probabilities[i] > probabilities[second]) {
        second = i;
      }
    }
    double likeliest = probabilities[best];
    double next = probabilities[second];
    // Even the second is as likely as the first where the model has never met these letters.
    return likeliest == next
        ? Optional.empty()
        : Optional.of(new Guess(Model.WEIGHTS.getOutcome(best), likeliest / (likeliest + next)));
  }

  /** The codes of all languages that the model knows, sorted. */
  static String[] languages() {
    String[] languages = new String[Model.WEIGHTS.getNumOutcomes()];
    Arrays.setAll(languages, Model.WEIGHTS::getOutcome);
    Arrays.sort(languages);
    return languages;
  }

  /** The beginning of a text, in which no laughter is long. */
  private static String start(String text) {
    int end =
        text.codePointCount(0, text.length()) <= MOST_CHARACTERS
            ? text.length()
            : text.offsetByCodePoints(0, MOST_CHARACTERS);
    StringBuilder start = new StringBuilder(end);
    int laughter = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      laughter = LAUGHTER.indexOf(c) >= 0 ? laughter + 1 : 0;
      // The library shortens it further, by a regular expression that takes a stack as deep.
      if (laughter <= MOST_LAUGHTER) {
        start.append(c);
      }
    }
    return start.toString();
  }
}
