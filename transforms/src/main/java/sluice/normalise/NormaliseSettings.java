package sluice.normalise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sluice.clean.FieldValues;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.text.Tokeniser;

/**
 * What the network sees: the labels and the feature groups.
 *
 * @param label what is to be predicted: labels of different columns, or one of {@link
 *     LabelType#NONE} alone
 * @param features the groups, at least one; their names are unique and none is of {@link
 *     FeatureColumns}, which the feature table has already
 */
public record NormaliseSettings(List<LabelSettings> label, List<GroupSettings> features) {
  private static final List<String> TAKEN =
      List.of(FeatureColumns.KEY, FeatureColumns.PART, FeatureColumns.LABEL, FeatureColumns.TRUTH);

  public NormaliseSettings {
    label = List.copyOf(label);
    features = List.copyOf(features);
    List<String> problems = new ArrayList<>();
    if (label.isEmpty()) {
      problems.add("label must have at least one label, or type = none, got none");
    }
    if (label.size() > 1 && label.stream().anyMatch(each -> each.column() == null)) {
      problems.add("label: type = none must stand alone, got %s labels".formatted(label.size()));
    }
    Set<String> columns = new HashSet<>();
    for (LabelSettings each : label) {
      if (each.column() != null && !columns.add(each.column())) {
        problems.add("label: columns must be different, got %s twice".formatted(each.column()));
      }
    }
    if (features.isEmpty()) {
      problems.add("features must have at least one group, got none");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names(features)) {
      if (name.isBlank()) {
        problems.add("features: a group's name must not be blank");
      } else if (TAKEN.contains(name)) {
        problems.add(
            "features: a group must not be named %s, got %s"
                .formatted(String.join(", ", TAKEN), name));
      } else if (!seen.add(name)) {
        problems.add("features: group names must be unique, got %s twice".formatted(name));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Settings of one label, or of none. */
  public NormaliseSettings(LabelSettings label, List<GroupSettings> features) {
    this(List.of(label), features);
  }

  /** The labels' columns, in order; none if nothing is predicted. */
  public List<String> labelColumns() {
    return label.stream().flatMap(each -> Stream.ofNullable(each.column())).toList();
  }

  private static List<String> names(List<GroupSettings> features) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      GroupSettings group = features.get(i);
      if (group.name() != null) {
        names.add(group.name());
      } else {
        names.add(group.columns().size() == 1 ? group.columns().get(0) : "group" + (i + 1));
      }
    }
    return names;
  }

  /** The names of the groups, in order, with defaults filled in. */
  public List<String> groupNames() {
    return names(features);
  }

  /**
   * The groups that are series, of those whose steps suit the columns of a table: what the steps of
   * each are, by its name and in the order of the groups.
   */
  public Map<String, Element> series(DatasetContract contract) {
    Map<String, Element> series = new LinkedHashMap<>();
    for (int i = 0; i < features.size(); i++) {
      String name = groupNames().get(i);
      List<Step> steps = features.get(i).steps();
      features.get(i).columns().stream()
          .filter(contract::has)
          .map(column -> StepChain.of(contract.type(column), steps))
          .filter(chain -> chain.problem() == null && chain.gives().isSeries())
          .forEach(chain -> series.put(name, chain.encoding()));
    }
    return series;
  }

  /**
   * The text whose tokens a label tags.
   *
   * @param label its column
   * @param group the feature group of the text
   * @param column the column of the text
   * @param tokeniser what cuts it
   */
  public record TaggedText(String label, String group, String column, Tokeniser tokeniser) {}

  /** The texts whose tokens labels tag, as far as there is one. */
  public List<TaggedText> tagged() {
    List<TaggedText> tagged = new ArrayList<>();
    for (LabelSettings each : label) {
      List<TaggedText> texts = taggable(each);
      if (each.type() == LabelType.TAGS && texts.size() == 1) {
        tagged.add(texts.get(0));
      }
    }
    return tagged;
  }

  /** Those that a label may be about: that of its group, or without one all. */
  private List<TaggedText> taggable(LabelSettings of) {
    List<TaggedText> texts = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      GroupSettings group = features.get(i);
      String name = groupNames().get(i);
      if (group.columns().size() == 1
          && group.steps().size() == 1
          && group.steps().get(0) instanceof TokenStep step
          && of.column() != null
          && (of.of() == null || of.of().equals(name))) {
        texts.add(new TaggedText(of.column(), name, group.columns().get(0), step.tokeniser()));
      }
    }
    return texts;
  }

  /** Why these settings do not fit a table: all problems, or none. It reads no data. */
  public List<String> problems(DatasetContract contract) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < label.size(); i++) {
      String place = label.size() == 1 ? "normalise.label" : "normalise.label[%s]".formatted(i);
      labelProblems(place, label.get(i), contract, problems);
      tagProblem(place, label.get(i)).ifPresent(problems::add);
    }
    List<String> tagged = tagged().stream().map(TaggedText::group).toList();
    boolean ofTagsAlone = label.stream().allMatch(each -> each.type() == LabelType.TAGS);
    for (int i = 0; i < features.size(); i++) {
      String place = "normalise.features[%s]: group %s".formatted(i, groupNames().get(i));
      if (ofTagsAlone && tagged.size() == label.size() && !tagged.contains(groupNames().get(i))) {
        problems.add(
            place + " is read for no label: tags are made of the tokens that have them alone");
      }
      groupProblems(place, features.get(i), contract, problems);
    }
    return problems;
  }

  private Optional<String> tagProblem(String place, LabelSettings tags) {
    int texts = taggable(tags).size();
    return tags.type() != LabelType.TAGS || tags.column() == null || texts == 1
        ? Optional.empty()
        : Optional.of(
            "%s.of must be a feature group of one column whose only step is tokens or characters, got %s"
                .formatted(
                    place,
                    tags.of() != null
                        ? tags.of()
                        : texts == 0 ? "none and there is none" : "none and there are " + texts));
  }

  private static void labelProblems(
      String place, LabelSettings label, DatasetContract contract, List<String> problems) {
    String column = label.column();
    if (column == null) {
      return;
    }
    if (!contract.has(column)) {
      problems.add("%s.column: %s".formatted(place, contract.unknown(column)));
      return;
    }
    FieldType type = contract.type(column);
    boolean fits =
        switch (label.type()) {
          case CLASS -> !type.isTime() && type != FieldType.BINARY;
          case NUMBER -> type.isNumber();
          case TAGS, SET, TEXT -> type == FieldType.STRING;
          case NONE -> throw new IllegalStateException("a column without a label");
        };
    if (!fits) {
      problems.add(
          "%s: type = %s cannot take column %s, which is %s"
              .formatted(place, label.type().text(), column, type.ddl()));
    } else if (label.positive() != null) {
      positiveProblem(place, label.positive(), column, type).ifPresent(problems::add);
    }
  }

  /** A class is named by the text of its value: of what is no such text there can be no row. */
  private static Optional<String> positiveProblem(
      String place, String positive, String column, FieldType type) {
    String name = ClassLabel.name(FieldValues.of(positive, type));
    if (positive.equals(name)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s.positive must be a value of column %s, which is %s, got %s%s"
            .formatted(
                place,
                column,
                type.ddl(),
                positive,
                name == null ? "" : "; its class is called " + name));
  }

  private void groupProblems(
      String place, GroupSettings group, DatasetContract contract, List<String> problems) {
    Set<Element> encodings = new HashSet<>();
    int before = problems.size();
    for (String column : group.columns()) {
      if (!contract.has(column)) {
        problems.add(place + ": " + contract.unknown(column));
        continue;
      }
      if (labelColumns().contains(column)) {
        problems.add(
            "%s: column %s is %s label and must not be a feature"
                .formatted(place, column, label.size() == 1 ? "the" : "a"));
        continue;
      }
      StepChain chain = StepChain.of(contract.type(column), group.steps());
      if (chain.problem() == null) {
        encodings.add(chain.encoding());
        if (chain.gives().isSeries() && group.columns().size() > 1) {
          problems.add(
              "%s: column %s becomes a series, which must be the only column of its group; make a group for each column"
                  .formatted(place, column));
        }
      } else {
        problems.add("%s: column %s: %s".formatted(place, column, chain.problem()));
      }
    }
    if (encodings.size() > 1 && problems.size() == before) {
      problems.add(
          place + ": a group holds numbers or category indices, not both; make two groups of it");
    }
  }
}
