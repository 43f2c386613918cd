package sluice.jobs;

import java.util.function.Supplier;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What is still done when the process is told to end (SIGTERM, Ctrl-C), before Spark stops and file
 * systems are closed. It has seconds: Hadoop gives all such work 30 s together.
 */
public final class OnStop {
  /** Of Hadoop's hooks, which run by falling priority: Spark stops at 40, file systems at 10. */
  private static final int PRIORITY = 100;

  private OnStop() {}

  /**
   * Works.
   *
   * @param stopped what is done, by another thread, if the process is told to end meanwhile
   */
  public static <T> T during(Supplier<T> work, Runnable stopped) {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    Runnable hook =
        () -> {
          stopped.run();
          // What Spark logs while it stops under a running job is traces that say nothing.
          Configurator.setLevel("org.apache.spark", Level.OFF);
        };
    hooks.addShutdownHook(hook, PRIORITY);
    try {
      return work.get();
    } finally {
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(hook);
      }
    }
  }
}
