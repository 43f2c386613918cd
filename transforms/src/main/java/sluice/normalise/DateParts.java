package sluice.normalise;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * A point in time as several numbers: first the parts as they are, then the sine and cosine of the
 * cyclic ones, in which December is next to January. It learns nothing; scaling steps may follow
 * and scale each number by itself.
 *
 * @param parts parts that are handed on as they are; year, month, day, weekday, hour by default
 * @param cyclic parts that are handed on as sine and cosine, not the year; none by default
 */
public record DateParts(List<DatePart> parts, List<DatePart> cyclic) implements Step, FittedStep {
  private static final long serialVersionUID = 1L;

  public DateParts {
    parts = List.copyOf(parts);
    cyclic = List.copyOf(cyclic);
    List<String> problems = new ArrayList<>();
    if (parts.isEmpty() && cyclic.isEmpty()) {
      problems.add("date-parts: parts and cyclic must not both be empty");
    }
    if (Set.copyOf(parts).size() < parts.size()) {
      problems.add("date-parts: parts must be distinct, got " + texts(parts));
    }
    if (Set.copyOf(cyclic).size() < cyclic.size()) {
      problems.add("date-parts: cyclic must be distinct, got " + texts(cyclic));
    }
    if (cyclic.contains(DatePart.YEAR)) {
      problems.add("date-parts: cyclic must not hold year, which never comes round again");
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  private static List<String> texts(List<DatePart> parts) {
    return parts.stream().map(DatePart::text).toList();
  }

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.TIME);
  }

  @Override
  public Kind gives(Kind input) {
    return Kind.VECTOR;
  }

  @Override
  public Kind gives() {
    return Kind.VECTOR;
  }

  @Override
  public Fit fit(Kind input) {
    return new NoFit(this);
  }

  @Override
  public double @Nullable [] value(@Nullable Object input) {
    if (input == null) {
      return null;
    }
    LocalDateTime time = (LocalDateTime) input;
    double[] values = new double[parts.size() + 2 * cyclic.size()];
    int at = 0;
    for (DatePart part : parts) {
      values[at++] = part.of(time);
    }
    for (DatePart part : cyclic) {
      double angle = part.angle(part.of(time));
      values[at++] = StrictMath.sin(angle);
      values[at++] = StrictMath.cos(angle);
    }
    return values;
  }

  @Override
  public String sql(String input) {
    List<String> values = new ArrayList<>();
    for (DatePart part : parts) {
      values.add("CAST(%s AS DOUBLE)".formatted(part.sql(input)));
    }
    for (DatePart part : cyclic) {
      values.add(lookUp(part, StrictMath::sin, input));
      values.add(lookUp(part, StrictMath::cos, input));
    }
    return "CASE WHEN %s IS NOT NULL THEN array(%s) END"
        .formatted(input, String.join(", ", values));
  }

  /** A table of the few values, for Spark's own sine is another function. */
  private static String lookUp(DatePart part, DoubleUnaryOperator function, String input) {
    String table =
        IntStream.range(0, part.period())
            .mapToObj(i -> Sql.literal(function.applyAsDouble(part.angle(part.first() + i))))
            .collect(Collectors.joining(", ", "array(", ")"));
    return "%s[%s - %s]".formatted(table, part.sql(input), part.first());
  }

  @Override
  public List<Integer> shape(List<Integer> input) {
    return List.of(parts.size() + 2 * cyclic.size());
  }

  @Override
  public List<String> names(List<String> inputs) {
    List<String> names = new ArrayList<>();
    for (String input : inputs) {
      parts.forEach(part -> names.add(input + "." + part.text()));
      for (DatePart part : cyclic) {
        names.add(input + "." + part.text() + "-sine");
        names.add(input + "." + part.text() + "-cosine");
      }
    }
    return names;
  }
}
