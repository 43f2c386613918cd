package sluice.clean.text;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.io.Serializable;
import java.util.Optional;
import sluice.data.NamedTypes;

/** Heuristics that tell prose from what else is in the web: an immutable record of thresholds. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(TextQuality.Names.class)
public sealed interface TextQuality extends Serializable permits C4Quality, GopherQuality {

  /** The heuristics by the name that the configuration gives them. */
  NamedTypes<TextQuality> TYPES =
      NamedTypes.of(TextQuality.class)
          .with("c4", C4Quality.class)
          .with("gopher", GopherQuality.class);

  /** What speaks against a text; the first heuristic that does, if several do. */
  Optional<Violation> violation(String text);

  /** The same with the value and the threshold, to follow the text in a sentence. */
  default Optional<String> problem(String text) {
    return violation(text).map(Violation::text);
  }

  /** What is left of a text against which nothing speaks. */
  String kept(String text);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    Names() {
      super(TYPES);
    }
  }
}
