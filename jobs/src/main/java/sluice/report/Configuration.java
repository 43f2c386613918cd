package sluice.report;

/**
 * The resolved configuration, as text.
 *
 * @param text every key with its value; secrets already taken out
 */
public record Configuration(String text) implements Section {
  private static final int LONGEST = 60_000;

  @Override
  public String heading() {
    return "Configuration";
  }

  @Override
  public String anchor() {
    return "configuration";
  }

  @Override
  public void writeTo(Html html) {
    html.open("details").element("summary", "The resolved configuration");
    html.open("pre", "tabindex", "0").element("code", text.substring(0, end())).close();
    if (end() < text.length()) {
      html.paragraph(
          "%s more characters are not shown.".formatted(Numbers.count(text.length() - end())),
          "aside");
    }
    html.close();
  }

  private int end() {
    return Math.min(text.length(), LONGEST);
  }
}
