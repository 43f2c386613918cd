package sluice.normalise;

import java.util.Set;

/** A step from text to one other kind. */
public interface TextStep extends Step {

  @Override
  default Set<Kind> accepts() {
    return Set.of(Kind.TEXT);
  }

  @Override
  default Kind gives(Kind input) {
    return Kind.INDEX;
  }
}
