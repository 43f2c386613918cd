package sluice.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** Failures of the storage that its user can mend, told from defects of the program. */
public final class StorageFault {
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "QuotaExceededException");
  private static final List<String> DENIED = List.of("Permission denied", "Read-only file system");
  private static final int MAX_CAUSES = 50;

  private StorageFault() {}

  /**
   * The message for a failure that has a full or unwritable storage among its causes, Spark's
   * wrapping of an executor's failure into text included; empty for any other failure.
   *
   * @param where the path that was being written
   */
  public static Optional<InvalidInput> explain(Throwable failure, Path where) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      String text = String.valueOf(cause);
      if (FULL.stream().anyMatch(text::contains)) {
        return Optional.of(
            InvalidInput.configuration(
                "%s: no space left to write; earlier output stays as it was".formatted(where)));
      }
      if (cause instanceof AccessDeniedException
          || cause instanceof AccessControlException
          || DENIED.stream().anyMatch(text::contains)) {
        return Optional.of(
            InvalidInput.configuration(
                "%s: must be readable and writable, but access is denied: %s"
                    .formatted(where, text.lines().findFirst().orElse(""))));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  /** What to throw for a failure at a path. */
  public static RuntimeException of(IOException failure, Path where) {
    Optional<InvalidInput> explained = explain(failure, where);
    return explained.isPresent()
        ? explained.get()
        : new UncheckedIOException("%s: %s".formatted(where, failure.getMessage()), failure);
  }
}
