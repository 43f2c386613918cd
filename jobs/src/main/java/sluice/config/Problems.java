package sluice.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.data.InvalidInput;

/** The problems found so far, each with the place in the file that it is to be mended at. */
final class Problems {
  private static final Pattern LINE = Pattern.compile("(.*: \\d+)(-\\d+)?", Pattern.DOTALL);
  private static final Pattern LAST_LINE = Pattern.compile("(.*): \\d+(-\\d+)?", Pattern.DOTALL);

  private final String file;
  private final List<String> found = new ArrayList<>();
  private final Set<String> secrets = new HashSet<>();

  /**
   * @param file the configuration file, for what has no line
   */
  Problems(String file) {
    this.file = file;
  }

  void add(String place, String problem) {
    found.add(place + ": " + problem);
  }

  void add(String problem) {
    add(file, problem);
  }

  /** Adds to the words of the last problem. */
  void amend(String more) {
    found.set(found.size() - 1, found.get(found.size() - 1) + more);
  }

  int count() {
    return found.size();
  }

  /** Forgets what was found after there were this many. */
  void forgetAfter(int count) {
    found.subList(count, found.size()).clear();
  }

  /** Keeps a text out of the problems: what a record's own check says quotes the value. */
  void conceal(String secret) {
    secrets.add(secret);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      Redaction redaction = new Redaction(secrets);
      throw InvalidInput.configuration(found.stream().map(redaction::of).distinct().toList());
    }
  }

  /** The file that the whole configuration stands in. */
  String file() {
    return file;
  }

  /** File and line of a value; the file alone for what several files make up. */
  String place(ConfigOrigin origin) {
    String description = origin.description();
    if (description.startsWith("merge of ")) {
      return file;
    }
    if (description.startsWith(Overrides.OPTION)) {
      Matcher line = LAST_LINE.matcher(description);
      return origin.lineNumber() > 0 && line.matches() ? line.group(1) : description;
    }
    Matcher line = LINE.matcher(description);
    return line.matches() ? line.group(1) : description;
  }
}
