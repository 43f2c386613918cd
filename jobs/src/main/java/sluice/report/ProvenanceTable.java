package sluice.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the bundle was made from: fingerprints, configuration, seed, versions, machine.
 *
 * @param entries a tree of names and values
 */
public record ProvenanceTable(List<Entry> entries) implements Section {
  private static final int MOST_ENTRIES = 2_000;

  public ProvenanceTable {
    entries = List.copyOf(entries);
  }

  /**
   * A name with its value or with what it holds.
   *
   * @param key the name
   * @param value its value; empty when it only holds others
   * @param children what it holds
   */
  public record Entry(String key, String value, List<Entry> children) {
    public Entry {
      children = List.copyOf(children);
    }
  }

  /** The tree of a JSON object; elements of arrays are named by their position, from 1. */
  public static ProvenanceTable of(JsonNode tree) {
    return new ProvenanceTable(children(tree));
  }

  private static List<Entry> children(JsonNode node) {
    List<Entry> entries = new ArrayList<>();
    node.fields().forEachRemaining(field -> entries.add(entry(field.getKey(), field.getValue())));
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        entries.add(entry(Integer.toString(i + 1), node.get(i)));
      }
    }
    return entries;
  }

  private static Entry entry(String key, JsonNode node) {
    return node.isContainerNode() && !node.isEmpty()
        ? new Entry(key, "", children(node))
        : new Entry(key, node.isContainerNode() ? "none" : node.asText(), List.of());
  }

  @Override
  public String heading() {
    return "Provenance";
  }

  @Override
  public String anchor() {
    return "provenance";
  }

  @Override
  public void writeTo(Html html) {
    int left = write(entries, MOST_ENTRIES, html);
    if (left < 0) {
      html.paragraph("More entries are in the bundle's own files.", "aside");
    }
  }

  /** Writes entries while there is room; below zero when there was not enough. */
  private static int write(List<Entry> entries, int room, Html html) {
    int left = room;
    html.open("ul", "class", "tree");
    for (Entry entry : entries) {
      if (left <= 0) {
        left = -1;
        break;
      }
      left--;
      html.open("li");
      if (entry.children().isEmpty()) {
        html.open("span", "class", "key").name(entry.key()).close();
        html.open("code");
        html.element("bdi", Text.shortened(entry.value(), Text.LONGEST_TITLE)).close();
      } else {
        html.open("details").open("summary").name(entry.key()).close();
        left = write(entry.children(), left, html);
        html.close();
      }
      html.close();
    }
    html.close();
    return left;
  }
}
