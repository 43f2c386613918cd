package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;

/** What is to be predicted, as the train rows showed it; in JSON by the name of its type. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClassLabel.class, name = "class"),
  @JsonSubTypes.Type(value = NumberLabel.class, name = "number"),
  @JsonSubTypes.Type(value = TextLabel.class, name = "text"),
  @JsonSubTypes.Type(value = NoLabel.class, name = "none")
})
public sealed interface FittedLabel extends Serializable
    permits ClassLabel, NumberLabel, TextLabel, NoLabel {

  /** The label's column; null if there is no label. */
  @Nullable String column();

  /** The type of the label's column; null if there is no label. */
  @Nullable FieldType columnType();

  /**
   * The label as the network sees it: a class's index as {@link Integer}, a number as {@link
   * Float}, a text as {@link String}; null if it is missing or unknown.
   */
  @Nullable Object value(@Nullable Object raw);
}
