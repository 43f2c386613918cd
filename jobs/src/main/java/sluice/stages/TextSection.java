package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.clean.text.TextLanguage;
import sluice.data.Decimal;
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
  private static final int MOST_LANGUAGES = 10;

  private static final String NOTE =
      String.format(
          Locale.ROOT,
          "Languages and heuristics are those of about %,d texts of a part, or of all if it has fewer. A language is not sure if the likeliest has a confidence below %s against the second. A text that C4 (Raffel et al. 2020) or Gopher (Rae et al. 2021) would not have kept counts for the first heuristic that it breaks; their thresholds are for English pages of the web. No text was left out for it.",
          TextProfiles.MOST_JUDGED,
          Decimal.text(TextLanguage.SURE));

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
    List<TextProfile> profiles =
        TextProfiles.of(
            context.read(Stage.SPLIT),
            context.read(Stage.FEATURES),
            texts,
            bundle.definition().mostSteps(),
            context.published(Stage.SPLIT).manifest().rows());
    for (TextProfile profile : profiles) {
      String name = several ? profile.series() : profile.column();
      for (TextProfile.PartTexts part : profile.parts()) {
        rows.add(
            new TextOverview.PartTexts(
                name,
                profile.vocabulary(),
                named(context, part),
                part.rows(),
                part.empty(),
                lengths(part.characters()),
                lengths(part.tokens()),
                unknown(part),
                (double) part.cut() / Math.max(1, part.rows()),
                inTrain(shared, profile.column(), part.part())));
      }
    }
    // A column of which several series are made has the same texts in each.
    Map<String, TextProfile> byColumn = new LinkedHashMap<>();
    profiles.forEach(profile -> byColumn.putIfAbsent(profile.column(), profile));
    List<TextOverview.Share> languages = new ArrayList<>();
    List<TextOverview.Share> heuristics = new ArrayList<>();
    for (TextProfile profile : byColumn.values()) {
      languages.addAll(shares(profile, "", MOST_LANGUAGES, TextProfile.Judged::languages));
      heuristics.addAll(against(profile, "C4", TextProfile.Judged::againstC4));
      heuristics.addAll(against(profile, "Gopher", TextProfile.Judged::againstGopher));
    }
    return Optional.of(
        new TextOverview(
            rows,
            profiles.get(0).parts().stream().map(part -> named(context, part)).toList(),
            languages,
            heuristics,
            NOTE));
  }

  private static String named(JobContext context, TextProfile.PartTexts part) {
    return context.config().split().sameRows() ? "train = test" : part.part();
  }

  /** How many texts a corpus rejects in all, and by which of its heuristics first. */
  private static List<TextOverview.Share> against(
      TextProfile profile, String corpus, Function<TextProfile.Judged, Map<String, Long>> counts) {
    List<TextOverview.Share> shares = new ArrayList<>();
    shares.add(
        share(
            profile,
            corpus + ", any of its heuristics",
            judged -> counts.apply(judged).values().stream().mapToLong(Long::longValue).sum()));
    shares.addAll(shares(profile, corpus + ": ", Integer.MAX_VALUE, counts));
    return shares;
  }

  /** The shares of what is counted by name, the most frequent first, and of the others together. */
  private static List<TextOverview.Share> shares(
      TextProfile profile,
      String prefix,
      int most,
      Function<TextProfile.Judged, Map<String, Long>> counts) {
    Map<String, Long> all = new TreeMap<>();
    profile
        .parts()
        .forEach(
            part ->
                counts
                    .apply(part.judged())
                    .forEach((name, texts) -> all.merge(name, texts, Long::sum)));
    List<String> names =
        all.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    List<TextOverview.Share> shares = new ArrayList<>();
    for (String name : names.subList(0, Math.min(most, names.size()))) {
      shares.add(
          share(profile, prefix + name, judged -> counts.apply(judged).getOrDefault(name, 0L)));
    }
    if (names.size() > most) {
      List<String> others = names.subList(most, names.size());
      shares.add(
          share(
              profile,
              "%d others".formatted(others.size()),
              judged ->
                  others.stream()
                      .mapToLong(name -> counts.apply(judged).getOrDefault(name, 0L))
                      .sum()));
    }
    return shares;
  }

  private static TextOverview.Share share(
      TextProfile profile, String name, ToLongFunction<TextProfile.Judged> texts) {
    return new TextOverview.Share(
        profile.column(),
        name,
        profile.parts().stream()
            .map(
                part ->
                    (double) texts.applyAsLong(part.judged()) / Math.max(1, part.judged().texts()))
            .toList());
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
