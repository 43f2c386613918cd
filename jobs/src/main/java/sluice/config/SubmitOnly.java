package sluice.config;

import java.util.regex.Pattern;

/**
 * Settings of Spark by which code comes in from elsewhere: jars, class paths, options of the Java
 * machine, scripts, images, environments of processes. They are for whoever submits a job, by
 * spark-submit or its defaults, and not for a configuration, which may have come from anywhere.
 */
final class SubmitOnly {
  private static final Pattern KEYS =
      Pattern.compile(
          "spark\\.(jars(\\..*)?|submit\\..*|repl\\..*|pyspark\\..*|r\\..*"
              + "|sql\\.hive\\.metastore\\.jars(\\..*)?|.*\\.discoveryScript"
              + "|(driver|executor)\\.(extra|default).*|executorEnv\\..*"
              + "|yarn\\.(appMasterEnv\\..*|dist\\..*|jars|archive|am\\.extra.*)"
              + "|kubernetes\\.(.*Env\\..*|.*podTemplate.*|.*container\\.image|file\\.upload.*)"
              + "|hadoop\\..*\\.script\\..*)");

  private SubmitOnly() {}

  /** Whether a setting, by its full name, is not for a configuration. */
  static boolean is(String key) {
    return KEYS.matcher(key).matches();
  }
}
