package sluice.config;

import sluice.data.Require;

/**
 * The section {@code pipeline}: what the run is called and where it is kept.
 *
 * @param name the name of the run and of its directory
 * @param seed what every random choice derives from
 * @param runsDir the directory that run directories lie in: any Hadoop path
 */
public record PipelineSettings(String name, long seed, String runsDir) {
  public PipelineSettings {
    new Require()
        .that(
            name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
            "name must be letters, digits, dots, underscores and hyphens, a letter or digit first,"
                + " got \"%s\"".formatted(name))
        .notBlank("runs-dir", runsDir)
        .hold();
  }
}
