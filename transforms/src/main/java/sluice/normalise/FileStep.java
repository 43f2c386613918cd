package sluice.normalise;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A step that learns nothing of the train rows, but takes the content of files that its parameters
 * name. They are read where the steps are fitted, in the driver, and not again: what is fitted
 * holds what it needs of them.
 */
public interface FileStep extends Step {

  /**
   * What tells whether the files are still the same, by their paths: SHA-256 of their content.
   *
   * @throws sluice.data.InvalidInput (configuration) if they cannot be read
   */
  Map<String, String> fingerprints(Configuration hadoop);

  /**
   * The step with what the files hold.
   *
   * @throws sluice.data.InvalidInput (configuration) if they cannot be read, or are not what the
   *     step takes
   */
  FittedStep read(Configuration hadoop);

  @Override
  default Fit fit(Kind input) {
    return new NoFit(read(SparkSession.active().sparkContext().hadoopConfiguration()));
  }
}
