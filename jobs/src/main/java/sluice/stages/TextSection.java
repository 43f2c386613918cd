package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.jobs.JobContext;
import sluice.normalise.TextFeature;
import sluice.quality.SharedTexts;
import sluice.quality.TextProfile;
import sluice.quality.TextProfiles;
import sluice.report.TextOverview;
import sluice.run.Stage;
import sluice.split.Part;

/** The section that shows what the texts among the features looked like. */
final class TextSection {
  private TextSection() {}

  /** The section; nothing without texts. */
  static Optional<TextOverview> of(JobContext context, ModelBundle bundle) {
    List<TextFeature> texts = bundle.preprocessing().texts();
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    boolean several = texts.stream().map(TextFeature::column).distinct().count() < texts.size();
    List<SharedTexts> shared =
        context.facts(Stage.FEATURES, NormaliseStage.SHARED_TEXTS, SharedTexts[].class);
    List<TextOverview.PartTexts> rows = new ArrayList<>();
    for (TextProfile profile :
        TextProfiles.of(
            context.read(Stage.SPLIT),
            context.read(Stage.FEATURES),
            texts,
            bundle.definition().mostSteps())) {
      String name = several ? profile.series() : profile.column();
      for (TextProfile.PartTexts part : profile.parts()) {
        rows.add(
            new TextOverview.PartTexts(
                name,
                profile.vocabulary(),
                context.config().split().sameRows() ? "train = test" : part.part(),
                part.rows(),
                part.empty(),
                lengths(part.characters()),
                lengths(part.tokens()),
                unknown(part),
                (double) part.cut() / Math.max(1, part.rows()),
                inTrain(shared, profile.column(), part.part())));
      }
    }
    return Optional.of(new TextOverview(rows));
  }

  private static TextOverview.Lengths lengths(TextProfile.Lengths lengths) {
    return new TextOverview.Lengths(lengths.median(), lengths.high(), lengths.most());
  }

  private static @Nullable Double unknown(TextProfile.PartTexts part) {
    Long unknown = part.unknown();
    return unknown == null ? null : (Double) ((double) unknown / Math.max(1, part.allTokens()));
  }

  private static @Nullable Long inTrain(List<SharedTexts> shared, String column, String part) {
    for (SharedTexts each : shared) {
      if (each.column().equals(column) && part.equals(Part.VALIDATION.text())) {
        return each.validation();
      }
      if (each.column().equals(column) && part.equals(Part.TEST.text())) {
        return each.test();
      }
    }
    return null;
  }
}
