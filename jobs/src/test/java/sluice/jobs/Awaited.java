package sluice.jobs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;

/** What is not there yet, and a process that is to bring it. */
interface Awaited {
  Duration PATIENCE = Duration.ofSeconds(90);

  /** What there is by now. */
  String read() throws IOException, InterruptedException;

  /** What there is once it is as wanted; the process must live until then. */
  static String until(Predicate<String> wanted, Awaited awaited, Process process)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String latest = "nothing";
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        latest = awaited.read();
        if (wanted.test(latest)) {
          return latest;
        }
      } catch (IOException e) {
        latest = e.toString();
      }
      Thread.sleep(200);
    }
    throw new AssertionError(
        "not within %s, the process %s: %s"
            .formatted(PATIENCE, process.isAlive() ? "is running" : "has ended", latest));
  }

  /** The body at an address. */
  static String get(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
