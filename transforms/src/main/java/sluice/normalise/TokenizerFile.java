package sluice.normalise;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import sluice.data.InvalidInput;
import sluice.data.NamedFile;
import sluice.data.Require;
import sluice.data.Sha256;
import sluice.text.TokenizerJson;

/**
 * A text as the series of the indices that the tokeniser of a pretrained network gives, special
 * tokens included, see {@link TokenizerJson}.
 *
 * @param path the file {@code tokenizer.json}
 * @param maxLength how many indices there are at most, special tokens included; 512 by default, as
 *     many as BERT's networks take
 */
public record TokenizerFile(String path, int maxLength) implements SeriesStep, FileStep {
  private static final long serialVersionUID = 1L;

  public TokenizerFile {
    new Require().notBlank("path", path).atLeast("max-length", maxLength, 1).hold();
  }

  @Override
  public Map<String, String> fingerprints(Configuration hadoop) {
    return Map.of(path, Sha256.hexOf(content(hadoop)));
  }

  @Override
  public FittedStep read(Configuration hadoop) {
    try {
      return new TokenizerSeries(maxLength, TokenizerJson.read(content(hadoop), path));
    } catch (InvalidInput e) {
      throw InvalidInput.configuration(
          e.problems().stream().map(problem -> "tokenizer: " + problem).toList());
    }
  }

  private byte[] content(Configuration hadoop) {
    return NamedFile.read(path, TokenizerJson.MOST_BYTES, hadoop);
  }
}
