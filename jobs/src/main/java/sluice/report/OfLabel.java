package sluice.report;

/**
 * A section about one of several labels.
 *
 * @param label the label's column
 * @param section what is said of it
 */
public record OfLabel(String label, Section section) implements Section {

  @Override
  public String heading() {
    return "%s: %s".formatted(Text.name(label), section.heading());
  }

  @Override
  public String anchor() {
    return section.anchor();
  }

  @Override
  public void writeTo(Html html) {
    section.writeTo(html);
  }
}
