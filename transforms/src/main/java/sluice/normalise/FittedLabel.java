package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.NamedTypes;
import sluice.features.TensorSpec;

/** What is to be predicted, as the train rows showed it; in JSON by the name of its type. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(FittedLabel.Names.class)
public sealed interface FittedLabel extends Serializable
    permits ClassLabel, NumberLabel, SetLabel, TagsLabel, TextLabel {

  /** The fitted labels by the name under which they are saved. */
  NamedTypes<FittedLabel> TYPES =
      NamedTypes.of(FittedLabel.class)
          .with("class", ClassLabel.class)
          .with("number", NumberLabel.class)
          .with("set", SetLabel.class)
          .with("tags", TagsLabel.class)
          .with("text", TextLabel.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** The label's column. */
  String column();

  /** The type of the label's column. */
  FieldType columnType();

  /**
   * The label as the network sees it: a class's index as {@link Integer}, a number as {@link
   * Float}, the indices of tags or of the names of a set as {@code int[]}, a text as {@link
   * String}; null if it is missing or unknown.
   */
  @Nullable Object value(@Nullable Object raw);

  /**
   * What predictions of the label are measured against: a class's index, or the number as it was
   * read; null for tags and sets, which {@link #value} has, for a text and where {@link #value} is.
   */
  default @Nullable Double truth(@Nullable Object raw) {
    return value(raw) instanceof Number number ? number.doubleValue() : null;
  }

  /** What a network should give for it; empty for a text. */
  Optional<TensorSpec> tensor();
}
