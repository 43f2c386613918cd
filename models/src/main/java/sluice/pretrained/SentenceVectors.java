package sluice.pretrained;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.normalise.FittedStep;
import sluice.normalise.Kind;

/**
 * What {@link SentenceEncoderStep} read.
 *
 * @param encoder makes the vectors
 */
public record SentenceVectors(TextVectors encoder) implements FittedStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Kind gives() {
    return Kind.VECTOR;
  }

  @Override
  public void requireFiles() {
    encoder.requireEncoder();
  }

  @Override
  public boolean inBatches() {
    return true;
  }

  @Override
  public boolean total() {
    return true;
  }

  @Override
  public @Nullable Object value(@Nullable Object input) {
    return values(new @Nullable Object[] {input})[0];
  }

  @Override
  public @Nullable Object[] values(@Nullable Object[] inputs) {
    return encoder.of(inputs);
  }

  @Override
  public List<Integer> shape(List<Integer> input) {
    return List.of(encoder.parameters().dimension());
  }

  @Override
  public List<String> names(List<String> inputs) {
    return inputs.stream()
        .flatMap(
            input ->
                IntStream.range(0, encoder.parameters().dimension()).mapToObj(i -> input + "." + i))
        .toList();
  }
}
