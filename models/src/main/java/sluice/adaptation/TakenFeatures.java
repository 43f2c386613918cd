package sluice.adaptation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.GroupSettings;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.Steps;

/**
 * The feature groups that keep the fitted steps of a network that was trained before, as their
 * encoders keep its parameters: what they have learned, a vocabulary, say, is what these mean.
 *
 * @param groups that keep them
 * @param others the groups that are fitted anew, each with the reason
 */
public record TakenFeatures(List<FittedGroup> groups, Map<String, String> others) {
  public TakenFeatures {
    groups = List.copyOf(groups);
    others = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Compares what is asked for with what there is.
   *
   * @param theirs the fitted groups of the network that was trained before
   * @param contract the columns that there are now
   * @param inputs the groups to take over; empty for all that fit
   * @param where the place of the former network, for messages
   * @throws InvalidInput (configuration) with all that does not fit of the groups to take over, or
   *     if none fits
   */
  public static TakenFeatures of(
      List<FittedGroup> theirs,
      NormaliseSettings settings,
      DatasetContract contract,
      List<String> inputs,
      String where) {
    Map<String, FittedGroup> known =
        theirs.stream().collect(Collectors.toMap(FittedGroup::name, Function.identity()));
    List<FittedGroup> taken = new ArrayList<>();
    Map<String, String> others = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < settings.features().size(); i++) {
      String name = settings.groupNames().get(i);
      if (!inputs.isEmpty() && !inputs.contains(name)) {
        others.put(name, "is not among train.adapt.inputs");
        continue;
      }
      FittedGroup group = known.get(name);
      Optional<String> misfit =
          group == null
              ? Optional.of(
                  "must be a feature group there, which has %s"
                      .formatted(String.join(", ", known.keySet().stream().sorted().toList())))
              : misfit(settings.features().get(i), group, contract);
      if (misfit.isEmpty() && group != null) {
        taken.add(group);
      } else {
        others.put(name, misfit.orElseThrow());
        problems.add("%s: group %s: %s".formatted(where, name, misfit.orElseThrow()));
      }
    }
    if (taken.isEmpty() || (!inputs.isEmpty() && !problems.isEmpty())) {
      throw InvalidInput.configuration(problems);
    }
    return new TakenFeatures(taken, others);
  }

  private static Optional<String> misfit(
      GroupSettings ours, FittedGroup theirs, DatasetContract contract) {
    List<String> columns = theirs.columns().stream().map(FittedColumn::column).toList();
    if (!ours.columns().equals(columns)) {
      return Optional.of(
          "the columns must be %s as here, got %s".formatted(ours.columns(), columns));
    }
    for (FittedColumn column : theirs.columns()) {
      String here = contract.type(column.column()).ddl();
      if (!here.equals(column.type().ddl())) {
        return Optional.of(
            "the type of column %s must be %s as here, got %s"
                .formatted(column.column(), here, column.type().ddl()));
      }
      if (!Steps.couldBecome(ours.steps(), column.steps())) {
        return Optional.of(
            "the fitted steps of column %s must be of %s as here, got %s"
                .formatted(
                    column.column(),
                    ours.steps().stream().map(Steps.TYPES::name).toList(),
                    column.stepTypes()));
      }
    }
    return Optional.empty();
  }

  /** All groups are fitted anew. */
  public static TakenFeatures none() {
    return new TakenFeatures(List.of(), Map.of());
  }

  /** The names of the groups that keep their steps. */
  public List<String> names() {
    return groups.stream().map(FittedGroup::name).toList();
  }
}
