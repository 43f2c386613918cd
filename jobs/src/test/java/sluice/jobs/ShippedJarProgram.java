package sluice.jobs;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.bundle.Scorer;
import sluice.cli.Main;

/**
 * The other side of a {@link ShippedJar}: answers requests until there are no more. Of the project
 * it knows the application jar alone, and its class file is the only one that is added to that; so
 * it has no class within it.
 */
final class ShippedJarProgram {
  private ShippedJarProgram() {}

  /**
   * Reads requests from the standard input and writes the answers to the standard output, in Java's
   * serialisation: arguments of a command as a {@code String[]}, answered by code, output and error
   * output; or a bundle and a list of records, answered by a prediction each, as text.
   */
  public static void main(String... arguments) throws Exception {
    ObjectOutputStream answers = new ObjectOutputStream(new FileOutputStream(FileDescriptor.out));
    answers.flush();
    System.setOut(System.err);
    ObjectInputStream requests = new ObjectInputStream(new FileInputStream(FileDescriptor.in));
    for (Object request = next(requests); request != null; request = next(requests)) {
      answers.writeUnshared(
          request instanceof String[] command ? run(command) : score((Object[]) request));
      answers.flush();
    }
  }

  private static @Nullable Object next(ObjectInputStream requests)
      throws IOException, ClassNotFoundException {
    try {
      return requests.readUnshared();
    } catch (EOFException e) {
      return null;
    }
  }

  private static Object[] run(String[] command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = Main.run(command);
    } catch (Throwable e) {
      // As a process ends that nobody catches this in.
      e.printStackTrace();
      code = 1;
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
    return new Object[] {
      code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8)
    };
  }

  private static List<String> score(Object[] request) {
    List<String> predictions = new ArrayList<>();
    try {
      Scorer scorer = Scorer.load(Path.of((String) request[0]));
      for (Object record : (List<?>) request[1]) {
        @SuppressWarnings("unchecked")
        Map<String, Object> values = (Map<String, Object>) record;
        predictions.add(scorer.score(values).toString());
      }
    } catch (Throwable e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      predictions.add(trace.toString());
    }
    return predictions;
  }
}
