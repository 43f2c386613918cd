package sluice.normalise;

import sluice.features.Element;

/** A step from a text to the series of the indices of its tokens. */
interface SeriesStep extends TextStep {
  @Override
  default Kind gives(Kind input) {
    return Kind.SERIES;
  }

  @Override
  default Element encoding() {
    return Element.INDEX;
  }
}
