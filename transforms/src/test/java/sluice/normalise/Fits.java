package sluice.normalise;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Fits a step as Spark does: serialised copies that see parts of the values and are merged. */
final class Fits {
  private Fits() {}

  static FittedStep of(Step step, Kind input, List<?> values) {
    return of(step, input, values, 1, new Random(1));
  }

  static FittedStep of(Step step, Kind input, List<?> values, int parts, Random random) {
    Fit fit = step.fit(input);
    boolean more = fit.scans();
    while (more) {
      List<Fit> copies = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        copies.add(copy(fit));
      }
      for (Object value : values) {
        copies.get(random.nextInt(parts)).add(value);
      }
      Collections.shuffle(copies, random);
      fit = copies.get(0);
      for (Fit copy : copies.subList(1, parts)) {
        // Either side may be the one that is merged into the other.
        if (random.nextBoolean()) {
          fit.merge(copy);
        } else {
          copy.merge(fit);
          fit = copy;
        }
      }
      more = fit.endScan();
    }
    return fit.finish("column x");
  }

  static Fit copy(Fit fit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(fit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Fit) in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
