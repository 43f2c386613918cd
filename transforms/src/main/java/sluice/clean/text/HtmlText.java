package sluice.clean.text;

import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * The text of HTML as a browser reads it (the HTML standard, section 13.2, by jsoup): no tags,
 * comments, scripts and styles; entities are decoded; a block and a line break end a line; cells of
 * a row stand apart by a space; blanks are one space each, but in {@code pre} and {@code textarea}.
 * Lines without text are left out.
 */
final class HtmlText {
  /**
   * Deeper elements become siblings, as in browsers below the 512th level: the parser looks through
   * all that are open at each tag.
   */
  private static final int MOST_DEPTH = 128;

  private static final Set<String> WITHOUT_TEXT =
      Set.of("script", "style", "template", "noscript", "iframe", "noembed", "noframes");

  private static final Set<String> CELLS = Set.of("td", "th");
  private static final Set<String> AS_WRITTEN = Set.of("pre", "textarea", "listing", "xmp");

  private HtmlText() {}

  static String of(String text) {
    if (!hasTag(text)) {
      String decoded = text.indexOf('&') < 0 ? text : Parser.unescapeEntities(text, false);
      return decoded.equals(text) ? text : HalfPairs.replaced(decoded);
    }
    Lines lines = new Lines(text.length());
    for (Node node :
        Parser.htmlParser()
            .setMaxDepth(MOST_DEPTH)
            .parseFragmentInput(text, new Element("body"), "")) {
      NodeTraversor.traverse(lines, node);
    }
    // An entity may name one.
    return HalfPairs.replaced(lines.text());
  }

  /** Whether a parser would see a tag, a comment or a declaration (13.2.5.6, tag open state). */
  private static boolean hasTag(String text) {
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      if (isLetter(next) || next == '/' || next == '!' || next == '?') {
        return true;
      }
    }
    return false;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Puts the lines together. */
  private static final class Lines implements NodeVisitor {
    private final StringBuilder text;

    /** Blanks that are not written yet, since nothing may follow in the line. */
    private boolean space;

    /** How many elements around have no text, or have it as written. */
    private int hidden;

    private int asWritten;

    Lines(int length) {
      text = new StringBuilder(length);
    }

    String text() {
      endLine();
      int end = text.length();
      return text.substring(0, end > 0 ? end - 1 : 0);
    }

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode words) {
        if (hidden == 0) {
          add(words.getWholeText());
        }
      } else if (node instanceof Element element) {
        String name = element.normalName();
        hidden += WITHOUT_TEXT.contains(name) ? 1 : 0;
        if (hidden == 0) {
          around(element, name);
        }
        asWritten += AS_WRITTEN.contains(name) ? 1 : 0;
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        String name = element.normalName();
        asWritten -= AS_WRITTEN.contains(name) ? 1 : 0;
        if (hidden == 0) {
          around(element, name);
        }
        hidden -= WITHOUT_TEXT.contains(name) ? 1 : 0;
      }
    }

    private void around(Element element, String name) {
      if (CELLS.contains(name)) {
        space = true;
      } else if (element.isBlock() || name.equals("br")) {
        endLine();
      }
    }

    private void add(String words) {
      for (int i = 0; i < words.length(); i++) {
        char c = words.charAt(i);
        if (asWritten == 0 && isBlank(c)) {
          space = true;
        } else if (c == '\n' || c == '\r') {
          endLine();
        } else {
          if (space && !isLineStart()) {
            text.append(' ');
          }
          space = false;
          text.append(c);
        }
      }
    }

    private boolean isLineStart() {
      return text.isEmpty() || text.charAt(text.length() - 1) == '\n';
    }

    private void endLine() {
      space = false;
      if (!isLineStart()) {
        text.append('\n');
      }
    }

    /** ASCII white space of the HTML standard. */
    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }
  }
}
