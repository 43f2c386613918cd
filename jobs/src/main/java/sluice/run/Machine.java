package sluice.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The machine that this process runs on. */
final class Machine {
  /** Two virtual machines may differ by this much about when the machine was started. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private static final String HOST = readHost();
  private static final String PROCESSES = HOST + readProcessTable();

  private Machine() {}

  static String host() {
    return HOST;
  }

  /**
   * Names the table that this process has its number in: hosts may share a name, and containers on
   * one host each number their own processes.
   */
  static String processTable() {
    return PROCESSES;
  }

  /** When this process started, in milliseconds since 1970; 0 if the system does not say. */
  static long processStartedMillis() {
    return startedMillis(ProcessHandle.current());
  }

  /**
   * Whether a process of this machine's table is running, and not another that was given its number
   * since.
   */
  static boolean isRunning(long pid, long startedMillis) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return false;
    }
    long actual = startedMillis(process.get());
    return actual == 0
        || startedMillis == 0
        || Math.abs(actual - startedMillis) <= START_TOLERANCE.toMillis();
  }

  /** What a manifest says of the machine. */
  static SortedMap<String, String> facts() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("host", HOST);
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    return facts;
  }

  private static long startedMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String readHost() {
    String host = firstLine(Path.of("/proc/sys/kernel/hostname"));
    if (!host.isEmpty()) {
      return host;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String readProcessTable() {
    String boot = firstLine(Path.of("/proc/sys/kernel/random/boot_id"));
    try {
      return " " + boot + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return " " + boot;
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
