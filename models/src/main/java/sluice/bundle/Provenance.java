package sluice.bundle;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptedFrom;
import sluice.training.TrainingPlan;
import sluice.training.checkpoint.EpochRecord;

/**
 * What a bundle was made from, so that it can be made again. It holds no time of day: the same
 * making gives the same bundle.
 *
 * @param pipeline the pipeline's name
 * @param data fingerprints of the inputs, by stage and file set
 * @param configuration the resolved sections that decide what is in the bundle, secrets redacted
 * @param configurationHash SHA-256 of its key-sorted rendering
 * @param seed the pipeline's seed
 * @param code digest of the built classes, those of extensions among them
 * @param versions of Java, Spark, Deeplearning4j and its backend
 * @param machine operating system and processor: results are the same to the bit on one kind only
 * @param rows how many rows each stage had
 * @param training the settings that may be left to the data, with their values; null in a bundle of
 *     0.1.0
 * @param bestEpoch the epoch whose parameters were kept, from 1
 * @param history how training went
 * @param adapted what it was fine-tuned from; null if it was not
 */
public record Provenance(
    String pipeline,
    Map<String, String> data,
    String configuration,
    String configurationHash,
    long seed,
    String code,
    Map<String, String> versions,
    Map<String, String> machine,
    Map<String, Long> rows,
    @Nullable TrainingPlan training,
    int bestEpoch,
    List<EpochRecord> history,
    @Nullable AdaptedFrom adapted) {}
