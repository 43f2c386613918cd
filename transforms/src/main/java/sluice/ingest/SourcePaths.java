package sluice.ingest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import sluice.data.InvalidInput;
import sluice.data.ShortForm;
import sluice.split.Part;

/**
 * Where rows come from: either files of which the split makes the parts, or files of each part.
 *
 * @param files files, folders and patterns of any Hadoop file system, as {@link FileListing} takes
 *     them; empty if the parts have files of their own
 * @param train those of the train part, and of the validation part unless it has its own
 * @param validation those of the validation part; empty if it is cut from train
 * @param test those of the test part
 */
@ShortForm("files")
public record SourcePaths(
    List<String> files, List<String> train, List<String> validation, List<String> test) {

  /**
   * Checks which are given.
   *
   * @throws InvalidInput (configuration) unless it is the files, or train and test
   */
  public SourcePaths {
    files = List.copyOf(files);
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
    List<String> problems = new ArrayList<>();
    checkText("files", files, problems);
    checkText("train", train, problems);
    checkText("validation", validation, problems);
    checkText("test", test, problems);
    boolean parts = !train.isEmpty() || !validation.isEmpty() || !test.isEmpty();
    if (!files.isEmpty() && parts) {
      problems.add("files must not be given together with train, validation or test");
    }
    if (files.isEmpty() && !parts) {
      problems.add("files must name a file, a folder or a pattern, got none");
    }
    if (parts && train.isEmpty()) {
      problems.add("train must be given where validation or test is");
    }
    if (parts && test.isEmpty()) {
      problems.add("test must be given where train or validation is");
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Files of which the split makes the parts. */
  public static SourcePaths of(List<String> files) {
    return new SourcePaths(files, List.of(), List.of(), List.of());
  }

  private static void checkText(String name, List<String> paths, List<String> problems) {
    if (paths.stream().anyMatch(String::isBlank)) {
      problems.add("%s must not hold a blank path, got %s".formatted(name, paths));
    }
  }

  /** Whether each part has files of its own. */
  public boolean byPart() {
    return files.isEmpty();
  }

  /** The paths of each part that has its own; nothing where the split makes the parts. */
  public Map<Part, List<String>> parts() {
    Map<Part, List<String>> parts = new EnumMap<>(Part.class);
    if (byPart()) {
      parts.put(Part.TRAIN, train);
      if (!validation.isEmpty()) {
        parts.put(Part.VALIDATION, validation);
      }
      parts.put(Part.TEST, test);
    }
    return parts;
  }

  /** Every path. */
  public List<String> all() {
    List<String> all = new ArrayList<>(files);
    parts().values().forEach(all::addAll);
    return all;
  }

  /** The same with other paths, as of a date. */
  public SourcePaths map(UnaryOperator<List<String>> change) {
    return new SourcePaths(
        change.apply(files), change.apply(train), change.apply(validation), change.apply(test));
  }

  /** The paths as a person reads them. */
  @Override
  public String toString() {
    if (!byPart()) {
      return String.join(", ", files);
    }
    List<String> texts = new ArrayList<>();
    parts().forEach((part, paths) -> texts.add(part.text() + " " + String.join(", ", paths)));
    return String.join("; ", texts);
  }
}
