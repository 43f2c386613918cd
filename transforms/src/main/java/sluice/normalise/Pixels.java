package sluice.normalise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * The bytes of a picture as numbers from 0 to 1, in the shape {@code [channels, height, width]} in
 * which a convolution takes them. It learns nothing; scaling steps may follow and scale each pixel
 * by itself.
 *
 * <p>A byte counts from 0 to 255 and is divided by 255. If no step follows and the picture is a
 * feature group by itself, the bytes are stored, and divided only in the minibatch: the same
 * numbers to the bit, in a quarter of the memory. The bytes of a picture go row by row from the
 * top, in a row from the left, and hold the channels of a pixel side by side. Bytes of another
 * number are no such picture and become missing.
 *
 * @param height rows of pixels, at least 1
 * @param width pixels in a row, at least 1
 * @param channels bytes of a pixel, at least 1: 1 for grey, 3 for red, green and blue
 */
public record Pixels(int height, int width, int channels) implements Step, FittedStep {
  private static final long serialVersionUID = 1L;

  /** More numbers than this in a picture are taken for a mistake: 4,096 by 4,096 in 3 channels. */
  private static final long MOST = 3L << 24;

  /** What a byte is divided by. */
  static final double DIVISOR = 255;

  public Pixels {
    List<String> problems = new ArrayList<>();
    check(problems, "height", height);
    check(problems, "width", width);
    check(problems, "channels", channels);
    if (problems.isEmpty() && (double) height * width * channels > MOST) {
      problems.add(
          String.format(
              Locale.ROOT,
              "pixels: height x width x channels must be at most %,d, got %s x %s x %s",
              MOST,
              height,
              width,
              channels));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  private static void check(List<String> problems, String name, int value) {
    if (value < 1) {
      problems.add("pixels: %s must be at least 1, got %s".formatted(name, value));
    }
  }

  @Override
  public Set<Kind> accepts() {
    return Set.of(Kind.BYTES);
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
    byte[] planes = planes(input);
    if (planes == null) {
      return null;
    }
    double[] values = new double[planes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (planes[i] & 0xff) / DIVISOR;
    }
    return values;
  }

  /** The bytes themselves, channel by channel; null if they are no such picture. */
  byte @Nullable [] planes(@Nullable Object input) {
    if (!(input instanceof byte[] bytes) || bytes.length != height * width * channels) {
      return null;
    }
    byte[] planes = new byte[bytes.length];
    int pixels = height * width;
    for (int pixel = 0, at = 0; pixel < pixels; pixel++) {
      for (int channel = 0; channel < channels; channel++) {
        planes[channel * pixels + pixel] = bytes[at++];
      }
    }
    return planes;
  }

  @Override
  public String refusal(Object input) {
    return "must be %s x %s pixels of %s bytes".formatted(height, width, channels);
  }

  @Override
  public List<Integer> shape(List<Integer> input) {
    return List.of(channels, height, width);
  }

  @Override
  public List<String> names(List<String> inputs) {
    List<String> names = new ArrayList<>();
    for (String input : inputs) {
      for (int channel = 0; channel < channels; channel++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            names.add("%s.%s.%s.%s".formatted(input, channel, y, x));
          }
        }
      }
    }
    return names;
  }
}
