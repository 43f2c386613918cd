package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

class NormaliseSettingsTest {
  private static final OneHot ONE_HOT = new OneHot(Unseen.OTHER, 1, null);
  private static final DatasetContract CONTRACT =
      new DatasetContract(
          List.of(
              new Field("age", FieldType.INT),
              new Field("balance", FieldType.DOUBLE),
              new Field("job", FieldType.STRING),
              new Field("married", FieldType.BOOLEAN),
              new Field("since", FieldType.DATE),
              new Field("y", FieldType.STRING)));

  private static GroupSettings group(List<String> columns, Step... steps) {
    return new GroupSettings(null, columns, List.of(steps));
  }

  @Test
  void groupsHaveNamesByDefault() {
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.none(),
            List.of(
                group(List.of("age")),
                group(List.of("age", "balance")),
                new GroupSettings("who", List.of("job"), List.of(ONE_HOT))));
    assertThat(settings.groupNames()).containsExactly("age", "group2", "who");
    assertThat(settings.problems(CONTRACT)).isEmpty();
  }

  @Test
  void whatFitsHasNoProblems() {
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.ofClass("y"),
            List.of(
                new GroupSettings(
                    "numbers",
                    List.of("age", "balance", "married"),
                    List.of(new ImputeMedian(), new Standardise())),
                new GroupSettings(
                    "categories",
                    List.of("age", "job", "married"),
                    List.of(new ImputeMode(), ONE_HOT)),
                new GroupSettings(
                    "hashed", List.of("age"), List.of(new ImputeConstant("0"), new Hashing(9))),
                new GroupSettings("shares", List.of("job"), List.of(new Frequency(), new Log1p())),
                new GroupSettings(
                    "times",
                    List.of("since"),
                    List.of(
                        new DateParts(List.of(DatePart.YEAR), List.of(DatePart.MONTH)),
                        new MinMax()))));
    assertThat(settings.problems(CONTRACT)).isEmpty();
  }

  @Test
  void everyProblemWithTheColumnsIsReportedAtOnce() {
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.ofNumber("y"),
            List.of(
                group(List.of("agee", "balance")),
                group(List.of("nonsense")),
                group(List.of("job", "y"), new Standardise()),
                new GroupSettings("twice", List.of("job"), List.of(ONE_HOT, new Standardise())),
                new GroupSettings("text", List.of("job"), List.of(new ImputeMode())),
                group(List.of("since")),
                new GroupSettings(
                    "filled", List.of("balance"), List.of(new ImputeConstant("none"))),
                new GroupSettings(
                    "parts",
                    List.of("job"),
                    List.of(new DateParts(List.of(DatePart.DAY), List.of()))),
                new GroupSettings("mixed", List.of("age", "since"), List.of(new ImputeMode()))));
    assertThat(settings.problems(CONTRACT))
        .containsExactly(
            "normalise.label: type = number cannot take column y, which is string",
            "normalise.features[0]: group group1: no column agee; did you mean age?",
            "normalise.features[1]: group nonsense: no column nonsense, there are [age, balance, job,"
                + " married, since, y]",
            "normalise.features[2]: group group3: column job: standardise takes numbers or number"
                + " vectors, got text from string",
            "normalise.features[2]: group group3: column y is the label and must not be a feature",
            "normalise.features[3]: group twice: column job: standardise takes numbers or number"
                + " vectors, got category indices from one-hot",
            "normalise.features[4]: group text: column job: its steps must end in numbers or category"
                + " indices, got text; add one-hot, index, frequency or hashing, or words,"
                + " characters, byte-pairs or tf-idf where it is a text of several words",
            "normalise.features[5]: group since: column since: its steps must end in numbers or"
                + " category indices, got times; add date-parts",
            "normalise.features[6]: group filled: column balance: impute-constant takes text, got"
                + " numbers from double",
            "normalise.features[7]: group parts: column job: date-parts takes times, got text from"
                + " string",
            "normalise.features[8]: group mixed: column since: its steps must end in numbers or"
                + " category indices, got times; add date-parts");
  }

  @Test
  void labelsMustSuitTheirColumn() {
    List<GroupSettings> features = List.of(group(List.of("balance")));
    assertThat(new NormaliseSettings(LabelSettings.ofClass("yy"), features).problems(CONTRACT))
        .containsExactly("normalise.label.column: no column yy; did you mean y?");
    assertThat(new NormaliseSettings(LabelSettings.ofClass("since"), features).problems(CONTRACT))
        .containsExactly("normalise.label: type = class cannot take column since, which is date");
    assertThat(
            new NormaliseSettings(
                    new LabelSettings("age", LabelType.TEXT, null, LabelScale.NONE), features)
                .problems(CONTRACT))
        .containsExactly("normalise.label: type = text cannot take column age, which is int");
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new NormaliseSettings(LabelSettings.none(), List.of()))
        .hasMessage("features must have at least one group, got none");
    assertThatThrownBy(
            () ->
                new NormaliseSettings(
                    LabelSettings.none(),
                    List.of(
                        group(List.of("age")),
                        group(List.of("age"), new Standardise()),
                        new GroupSettings("label", List.of("age"), List.of()),
                        new GroupSettings(" ", List.of("age"), List.of()))))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "features: group names must be unique, got age twice",
                        "features: a group must not be named key, part, label, _truth, got label",
                        "features: a group's name must not be blank"));
    assertThatThrownBy(() -> group(List.of()))
        .hasMessage("columns must have at least one column, got none");
    assertThatThrownBy(() -> group(List.of("a", "b", "a")))
        .hasMessage("columns must be distinct, got a more than once");
    assertThatThrownBy(() -> new LabelSettings(null, LabelType.CLASS, null, LabelScale.NONE))
        .hasMessage("column is needed with type = class, got none");
    assertThatThrownBy(() -> new LabelSettings("y", LabelType.NONE, "yes", LabelScale.STANDARDISE))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "column must not be set with type = none," + " got y",
                        "positive is for type = class only, got yes" + " with none",
                        "scale is for type = number only, got" + " standardise with none"));
  }
}
