package sluice.quality;

import java.util.ArrayList;
import java.util.List;
import sluice.data.InvalidInput;

/**
 * How much data is enough to train with. A number of 0 switches its check off.
 *
 * @param minRows with fewer train rows training is refused; by default 50
 * @param minClassRows with fewer train rows of a class it is refused; by default 5
 * @param minRowsPerFeature with fewer train rows a feature there is a warning; by default 1
 */
public record SufficiencySettings(long minRows, long minClassRows, double minRowsPerFeature) {
  public SufficiencySettings {
    List<String> problems = new ArrayList<>();
    if (minRows < 0) {
      problems.add("min-rows must be at least 0, got " + minRows);
    }
    if (minClassRows < 0) {
      problems.add("min-class-rows must be at least 0, got " + minClassRows);
    }
    if (!(minRowsPerFeature >= 0 && Double.isFinite(minRowsPerFeature))) {
      problems.add("min-rows-per-feature must be at least 0 and finite, got " + minRowsPerFeature);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }
}
