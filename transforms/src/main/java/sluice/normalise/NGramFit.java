package sluice.normalise;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.text.LetterCounts;
import sluice.text.NGrams;

/**
 * How many of the train rows have each n-gram; at most {@value DistinctCounts#MAX_DISTINCT}. Where
 * nothing says what n-grams are made of, a scan before it counts letters by script.
 */
final class NGramFit implements Fit {
  private static final long serialVersionUID = 1L;

  private final TfIdf step;
  private final LetterCounts letters = new LetterCounts();
  private final DistinctCounts<String> counts =
      new DistinctCounts<>(String.class, "hashed-n-grams takes any number");

  /** Null while letters are counted. */
  private @Nullable NGrams tokeniser;

  private long rows;

  NGramFit(TfIdf step) {
    this.step = step;
    tokeniser = step.of() == null ? null : step.tokeniser(step.of());
  }

  @Override
  public void add(Object value) {
    String text = (String) value;
    if (tokeniser == null) {
      letters.add(text);
      return;
    }
    rows++;
    Set<String> nGrams = new HashSet<>();
    tokeniser.tokenise(text, nGrams::add);
    nGrams.forEach(counts::add);
  }

  @Override
  public void merge(Fit other) {
    NGramFit that = (NGramFit) other;
    letters.merge(that.letters);
    rows += that.rows;
    counts.merge(that.counts);
  }

  @Override
  public boolean endScan() {
    if (tokeniser != null) {
      return false;
    }
    tokeniser = step.tokeniser(letters.terms());
    return true;
  }

  @Override
  public FittedStep finish(String where) {
    NGramFrequencies frequencies =
        NGramFrequencies.of(rows, counts.all(where), step.minCount(), step.maxFeatures());
    if (frequencies.nGrams().isEmpty()) {
      throw InvalidInput.data(
          "%s: at least one n-gram must occur in %s train rows or more (min-count of its step), and none does"
              .formatted(where, step.minCount()));
    }
    return new TfIdfVector(Objects.requireNonNull(tokeniser), step.sublinear(), frequencies);
  }
}
