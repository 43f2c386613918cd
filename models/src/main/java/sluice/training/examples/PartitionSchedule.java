package sluice.training.examples;

import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/** Which partitions each of some tasks goes through, in which order. */
final class PartitionSchedule implements PartitionCoalescer, scala.Serializable {
  private static final long serialVersionUID = 1L;

  private final int[][] schedule;

  private PartitionSchedule(int[][] schedule) {
    this.schedule = schedule;
  }

  /**
   * An RDD with a partition for each task, which reads the partitions that the task goes through
   * one after the other, and no others.
   *
   * @param schedule numbers of partitions by task; one may be there more than once
   */
  static <T> JavaRDD<T> of(JavaRDD<T> partitions, int[][] schedule) {
    return partitions
        .rdd()
        .coalesce(schedule.length, false, Option.apply(new PartitionSchedule(schedule)), null)
        .toJavaRDD();
  }

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    Partition[] all = parent.partitions();
    PartitionGroup[] groups = new PartitionGroup[schedule.length];
    for (int task = 0; task < groups.length; task++) {
      groups[task] = new PartitionGroup(Option.empty());
      for (int partition : schedule[task]) {
        groups[task].partitions().$plus$eq(all[partition]);
      }
    }
    return groups;
  }
}
