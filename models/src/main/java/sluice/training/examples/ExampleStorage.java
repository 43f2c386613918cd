package sluice.training.examples;

import org.apache.spark.storage.StorageLevel;

/** Where the examples are kept between rounds. */
public enum ExampleStorage {
  /** In memory as long as it lasts, then on disk. */
  MEMORY_AND_DISK,
  /** In memory; what does not fit is made again in each round. */
  MEMORY,
  /** On disk. */
  DISK;

  StorageLevel level() {
    return switch (this) {
      case MEMORY_AND_DISK -> StorageLevel.MEMORY_AND_DISK();
      case MEMORY -> StorageLevel.MEMORY_ONLY();
      case DISK -> StorageLevel.DISK_ONLY();
    };
  }
}
