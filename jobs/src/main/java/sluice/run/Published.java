package sluice.run;

import org.apache.hadoop.fs.Path;

/**
 * A complete output of a stage, as a reader meets it.
 *
 * @param stage the stage
 * @param attempt the id of the attempt
 * @param path the directory of the attempt
 * @param manifest what it holds and where it came from
 */
public record Published(Stage stage, String attempt, Path path, StageManifest manifest) {}
