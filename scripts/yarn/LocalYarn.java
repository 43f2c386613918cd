import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A resource manager and a node manager in one process; containers are processes of their own. Writes the configuration
 * of its clients into a directory, for HADOOP_CONF_DIR, says STARTED, and runs until it is killed.
 *
 * <p>Arguments: the directory, and the mebibytes that there are for containers.
 */
final class LocalYarn {
  private LocalYarn() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int mebibytes = Integer.parseInt(arguments[1]);
    YarnConfiguration settings = new YarnConfiguration();
    settings.set("fs.defaultFS", "file:///");
    settings.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", mebibytes);
    settings.setInt("yarn.scheduler.maximum-allocation-mb", mebibytes);
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
    // One application at a time may have all there is, for its driver as well.
    settings.set("yarn.scheduler.capacity.root.default.maximum-am-resource-percent", "1");
    settings.set(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99");
    MiniYARNCluster cluster = new MiniYARNCluster("sluice", 1, 1, 1);
    cluster.init(settings);
    cluster.start();
    Files.createDirectories(directory);
    for (String name : new String[] {"core-site.xml", "yarn-site.xml"}) {
      try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
        cluster.getConfig().writeXml(out);
      }
    }
    System.out.println("STARTED");
    Thread.sleep(Long.MAX_VALUE);
  }
}
