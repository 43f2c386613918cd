package sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that Maven packed, and what it runs on. */
final class Version implements IVersionProvider {
  private static final String PACKED = "/META-INF/maven/io.sluice/sluice-jobs/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {
      "sluice %s, Spark %s, Java %s"
          .formatted(packed(), org.apache.spark.package$.MODULE$.SPARK_VERSION(), Runtime.version())
    };
  }

  private static String packed() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream(PACKED)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "(not packed)");
    }
  }
}
