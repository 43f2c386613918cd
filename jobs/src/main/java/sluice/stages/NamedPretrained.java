package sluice.stages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.Pretrained;
import sluice.data.InvalidInput;
import sluice.jobs.JobContext;
import sluice.pretrained.PretrainedBert;

/**
 * What the configuration names to be fine-tuned: a bundle, or a local folder with the weights of an
 * encoder.
 *
 * @param named where the configuration says that it is
 * @param path its directory
 * @param pretrained whole and checked
 */
record NamedPretrained(String named, Path path, Pretrained pretrained) {
  private static final String KEY = "train.adapt.from";

  /**
   * Reads it; empty if there is none.
   *
   * @throws InvalidInput (data) if there is nothing where it should be, or it is damaged
   */
  static Optional<NamedPretrained> of(JobContext context) {
    @Nullable String named = context.config().train().adapt().from();
    if (named == null) {
      return Optional.empty();
    }
    Optional<java.nio.file.Path> folder = folder(new Path(named), context);
    if (folder.isEmpty()) {
      return bundle(context, named)
          .map(bundle -> new NamedPretrained(named, bundle.path(), bundle.bundle()));
    }
    try {
      return Optional.of(
          new NamedPretrained(named, new Path(named), PretrainedBert.read(folder.get())));
    } catch (InvalidInput fault) {
      throw InvalidInput.data(
          fault.problems().stream().map(problem -> KEY + ": " + problem).toList());
    }
  }

  /**
   * The bundle that keeps fitted steps; empty if there is none, or weights of elsewhere are named,
   * which have learned nothing of the features.
   *
   * @throws InvalidInput (data) as {@link #of} does
   */
  static Optional<NamedBundle> withFeatures(JobContext context) {
    @Nullable String named = context.config().train().adapt().from();
    return named == null || folder(new Path(named), context).isPresent()
        ? Optional.empty()
        : bundle(context, named);
  }

  /** The {@link Pretrained#sha256} of what is named, without reading weights; empty if none is. */
  static Optional<String> sha256(JobContext context) {
    @Nullable String named = context.config().train().adapt().from();
    if (named == null) {
      return Optional.empty();
    }
    Optional<java.nio.file.Path> folder = folder(new Path(named), context);
    return folder.isPresent()
        ? folder.map(PretrainedBert::digest)
        : bundle(context, named).map(bundle -> bundle.bundle().sha256());
  }

  private static Optional<NamedBundle> bundle(JobContext context, String named) {
    try {
      return NamedBundle.of(context, KEY, named);
    } catch (InvalidInput fault) {
      throw InvalidInput.data(
          fault.problems().stream()
              .map(
                  problem ->
                      problem.endsWith(NamedBundle.NONE)
                          ? problem + ", or a local folder with model.onnx and tokenizer.json"
                          : problem)
              .toList());
    }
  }

  /** A local folder with weights. */
  private static Optional<java.nio.file.Path> folder(Path named, JobContext context) {
    try {
      FileSystem files = named.getFileSystem(context.hadoop());
      return files instanceof LocalFileSystem local
          ? Optional.of(local.pathToFile(named).toPath()).filter(PretrainedBert::isAt)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + named, e);
    }
  }

  /** The key and the place, for messages. */
  String where() {
    return KEY + ": " + named;
  }
}
