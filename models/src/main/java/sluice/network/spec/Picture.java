package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;

/**
 * The shape of a picture in an input: channel by channel, in each row by row.
 *
 * @param channels numbers of a pixel
 * @param height rows of pixels
 * @param width pixels of a row
 */
record Picture(int channels, int height, int width) {
  /**
   * The one picture that these groups are.
   *
   * @param needing what needs it, for messages, as in {@code model lenet}
   * @param least the least height and width that it can be of
   * @throws InvalidInput (configuration) if the groups are anything else, or the picture is smaller
   */
  static Picture of(List<TensorSpec> groups, String needing, int least) {
    if (groups.size() != 1 || !groups.get(0).isPicture()) {
      throw InvalidInput.configuration(
          "%s needs one feature group of the shape [channels, height, width], which the step pixels gives, got %s"
              .formatted(
                  needing,
                  String.join(
                      " and ",
                      groups.stream()
                          .map(group -> group.name() + " of " + group.shape())
                          .toList())));
    }
    List<Integer> shape = groups.get(0).shape();
    Picture picture = new Picture(shape.get(0), shape.get(1), shape.get(2));
    if (picture.height < least || picture.width < least) {
      throw InvalidInput.configuration(
          "%s needs pictures of at least %d x %d pixels, got %d x %d"
              .formatted(needing, least, least, picture.height, picture.width));
    }
    return picture;
  }

  InputType type() {
    return InputType.convolutionalFlat(height, width, channels);
  }
}
