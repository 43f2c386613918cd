package sluice.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.NumberLabel;
import sluice.normalise.SetLabel;
import sluice.normalise.TagsLabel;

/**
 * Where a training begins that takes its first parameters from a bundle (a warm start).
 *
 * <p>Parameters keep their meaning only if each input and each output keeps its own. So these must
 * be the same: the layers, their activations and the shapes of their parameters; the feature
 * groups, their encodings, the features and categories in their order, and the types of the steps
 * that make them; the label's column, and its classes in their order. What the steps have learned
 * may differ, since new rows have other means and scales: {@link #refitted} tells where. Dropout,
 * penalties, the loss and all that concerns training may differ without a word.
 *
 * @param parameters of the bundle's network
 * @param refitted the raw columns, the label's too, whose fitted steps differ, by name; their
 *     values reach the network on another scale than the one its parameters were trained on
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record StartingPoint(float[] parameters, List<String> refitted) {
  public StartingPoint {
    refitted = List.copyOf(refitted);
  }

  /**
   * The parameters of a bundle, for another training.
   *
   * @param fitted the preprocessing of the features to train on
   * @param definition the network to train
   * @param where the bundle's place, for messages
   * @throws InvalidInput (configuration) with every part of the bundle that must be the same and is
   *     not
   */
  public static StartingPoint of(
      ModelBundle bundle, FittedPreprocessing fitted, NetworkDefinition definition, String where) {
    List<String> problems = new ArrayList<>();
    SortedSet<String> refitted = new TreeSet<>();
    groups(fitted, bundle.preprocessing(), problems, refitted);
    labels(fitted.labels(), bundle.preprocessing().labels(), problems, refitted);
    if (problems.isEmpty()) {
      // Of other features or classes the shapes differ too, which would say the same again.
      compare("layer", definition.architecture(), bundle.definition().architecture(), problems);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(
          problems.stream().map(problem -> where + ": " + problem).toList());
    }
    return new StartingPoint(bundle.parameters(), List.copyOf(refitted));
  }

  private static void groups(
      FittedPreprocessing here,
      FittedPreprocessing there,
      List<String> problems,
      SortedSet<String> refitted) {
    int before = problems.size();
    List<TensorSpec> inputs = here.schema().inputs();
    List<TensorSpec> others = there.schema().inputs();
    compare(
        "feature group",
        inputs.stream().map(TensorSpec::name).toList(),
        others.stream().map(TensorSpec::name).toList(),
        problems);
    if (problems.size() > before) {
      return;
    }
    for (int g = 0; g < inputs.size(); g++) {
      TensorSpec ours = inputs.get(g);
      TensorSpec theirs = others.get(g);
      before = problems.size();
      group(ours, theirs, problems);
      if (problems.size() == before) {
        steps(here.features().get(g), there.features().get(g), problems, refitted);
      }
    }
  }

  private static void group(TensorSpec ours, TensorSpec theirs, List<String> problems) {
    String of = "group %s: ".formatted(ours.name());
    int before = problems.size();
    compare(of + "feature", ours.names(), theirs.names(), problems);
    if (problems.size() > before) {
      return;
    }
    must(of + "the encoding", text(ours.element()), text(theirs.element()), problems);
    if (problems.size() > before) {
      return;
    }
    must(of + "the shape", ours.shape(), theirs.shape(), problems);
    must(of + "the cardinalities", ours.cardinalities(), theirs.cardinalities(), problems);
    if (problems.size() == before) {
      for (int i = 0; i < ours.categories().size(); i++) {
        compare(
            of + (ours.isSeries() ? "" : ours.names().get(i) + ": ") + "category",
            ours.categories().get(i),
            theirs.categories().get(i),
            problems);
      }
    }
  }

  private static String text(Element element) {
    return element.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void steps(
      FittedGroup ours, FittedGroup theirs, List<String> problems, SortedSet<String> refitted) {
    for (int c = 0; c < ours.columns().size(); c++) {
      FittedColumn column = ours.columns().get(c);
      FittedColumn other = theirs.columns().get(c);
      String of = "group %s: column %s: ".formatted(ours.name(), column.column());
      if (!column.stepTypes().equals(other.stepTypes())) {
        must(of + "the fitted steps", column.stepTypes(), other.stepTypes(), problems);
      } else if (!column.steps().equals(other.steps())) {
        refitted.add(column.column());
      }
    }
  }

  private static void labels(
      List<FittedLabel> here,
      List<FittedLabel> there,
      List<String> problems,
      SortedSet<String> refitted) {
    int before = problems.size();
    must("the label", described(here), described(there), problems);
    for (int l = 0; problems.size() == before && l < here.size(); l++) {
      if (here.get(l) instanceof ClassLabel ours && there.get(l) instanceof ClassLabel theirs) {
        compare("class", ours.classes(), theirs.classes(), problems);
      }
      if (here.get(l) instanceof SetLabel ours && there.get(l) instanceof SetLabel theirs) {
        compare("name", ours.names(), theirs.names(), problems);
      }
      if (here.get(l) instanceof TagsLabel ours && there.get(l) instanceof TagsLabel theirs) {
        compare("tag", ours.tags(), theirs.tags(), problems);
      }
      if (here.get(l) instanceof NumberLabel ours
          && there.get(l) instanceof NumberLabel theirs
          && !(ours.mean() == theirs.mean() && ours.std() == theirs.std())) {
        refitted.add(ours.column());
      }
    }
  }

  private static String described(List<FittedLabel> labels) {
    return labels.stream().map(StartingPoint::described).collect(Collectors.joining(" and "));
  }

  private static String described(FittedLabel label) {
    if (label instanceof ClassLabel classes) {
      return classes.positive() == null
          ? "classes of " + classes.column()
          : "classes of %s, %s is positive".formatted(classes.column(), classes.positive());
    }
    if (label instanceof SetLabel sets) {
      return "sets of " + sets.column();
    }
    if (label instanceof TagsLabel tags) {
      return "tags %s of %s".formatted(tags.column(), tags.of());
    }
    return label instanceof NumberLabel number
        ? "the number " + number.column()
        : "the text " + label.column();
  }

  private static void must(String what, Object here, Object there, List<String> problems) {
    if (!here.equals(there)) {
      problems.add("%s must be %s as here, got %s".formatted(what, here, there));
    }
  }

  /** Lists that must be equal; of long ones the first difference says enough. */
  private static void compare(
      String what, List<String> here, List<String> there, List<String> problems) {
    int most = Math.min(here.size(), there.size());
    int at = 0;
    while (at < most && here.get(at).equals(there.get(at))) {
      at++;
    }
    if (at < here.size() || at < there.size()) {
      String ours = at < here.size() ? here.get(at) : "none, %s are all".formatted(at);
      String theirs = at < there.size() ? there.get(at) : "none, %s are all".formatted(at);
      problems.add("%s %s must be %s as here, got %s".formatted(what, at + 1, ours, theirs));
    }
  }
}
