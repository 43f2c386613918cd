package sluice.ingest;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.io.IOUtils;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Option;
import sluice.data.InvalidInput;

/** Listed files, to be read by Spark or by ourselves. */
final class SourceFiles {
  /** The address of the file that a row comes from, as Spark writes it. */
  static final Column ADDRESS = functions.col("_metadata.file_path");

  private static final String LOCAL = "fs.file.impl";
  private static final String CODECS = "io.compression.codecs";

  /** What compressed files begin with, a character a byte, by the ending of their names. */
  private static final Map<String, Pattern> COMPRESSED =
      Map.of(
          ".gz", Pattern.compile("\\x1F\\x8B\\x08"),
          ".bz2", Pattern.compile("BZh[1-9]1AY&SY"),
          ".zst", Pattern.compile("\\x28\\xB5\\x2F\\xFD"));

  /** The bytes that the longest of these needs. */
  private static final int LOOKED_AT = 10;

  private SourceFiles() {}

  /**
   * The rows of files as one of Spark's formats reads them. Spark is given the files themselves: it
   * would pass over those whose names begin with an underscore or a dot, and would make columns of
   * folders.
   *
   * @param formatSession the session whose settings the format goes by
   */
  static Dataset<Row> read(
      SparkSession spark,
      SparkSession formatSession,
      FileFormat format,
      Map<String, String> options,
      StructType schema,
      List<SourceFile> files) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Map<String, String> all = new HashMap<>(options);
    all.putAll(readingSettings(hadoop));
    return spark.baseRelationToDataFrame(
        new HadoopFsRelation(
            new ListedFiles(files, reading(hadoop)),
            new StructType(),
            schema,
            Option.empty(),
            format,
            CaseInsensitiveMap$.MODULE$.apply(SparkOptions.immutable(all)),
            formatSession));
  }

  /**
   * Hadoop's settings for the reading of sources. Local files are read without the checksums that
   * Hadoop keeps beside those that it writes: a file that was edited since is no fault, and the
   * checksum's name cannot have a colon. For gzip, bzip2, zstd and snappy there are codecs of ours.
   */
  static Configuration reading(Configuration hadoop) {
    Map<String, String> settings = readingSettings(hadoop);
    Configuration reading = new Configuration(hadoop);
    settings.forEach(reading::set);
    return reading;
  }

  private static Map<String, String> readingSettings(Configuration hadoop) {
    Map<String, String> settings = new HashMap<>();
    Class<?> local = hadoop.getClass(LOCAL, LocalFileSystem.class);
    if (LocalFileSystem.class.isAssignableFrom(local)) {
      settings.put(LOCAL, RawLocalFileSystem.class.getName());
      settings.put(LOCAL + ".disable.cache", "true");
    }
    String codecs = hadoop.get(CODECS, "");
    if (!codecs.contains(Bzip2Codec.class.getName())) {
      settings.put(
          CODECS,
          (codecs.isBlank() ? "" : codecs + ",")
              + GzipCodec.class.getName()
              + ","
              + Bzip2Codec.class.getName()
              + ","
              + ZstdCodec.class.getName()
              + ","
              + SnappyBlockCodec.class.getName());
    }
    return settings;
  }

  /**
   * Refuses files that were listed and have vanished since; does nothing if all are there.
   *
   * @throws InvalidInput (data) naming them
   */
  static void requireThere(List<SourceFile> files, Configuration hadoop) {
    Configuration reading = reading(hadoop);
    List<String> gone =
        files.stream()
            .filter(file -> isGone(file.path(), reading))
            .map(file -> file.named() + ": was there when the files were listed, and is gone")
            .toList();
    if (!gone.isEmpty()) {
      throw InvalidInput.data(gone);
    }
  }

  private static boolean isGone(Path path, Configuration hadoop) {
    try {
      path.getFileSystem(hadoop).getFileStatus(path);
      return false;
    } catch (FileNotFoundException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The file's name for people: a plain path on this machine, an address elsewhere, without the
   * password that it may hold.
   */
  static String named(String address) {
    URI uri = URI.create(address);
    if ("file".equals(uri.getScheme())) {
      return uri.getPath();
    }
    String user = uri.getUserInfo();
    String shown = new Path(uri).toString();
    return user == null || user.indexOf(':') < 0
        ? shown
        : shown.replaceFirst("(?<=://)[^/@]*@", "");
  }

  /** The same of a column of addresses. */
  static Column named(Column addresses) {
    UDF1<String, String> named = SourceFiles::named;
    return functions.udf(named, DataTypes.StringType).apply(addresses);
  }

  /**
   * What decompresses a file, told by its name's ending, as for Hadoop; here upper and lower case
   * are one.
   */
  static @Nullable CompressionCodec codec(CompressionCodecFactory codecs, Path file) {
    return codecs.getCodec(new Path("/" + file.getName().toLowerCase(Locale.ROOT)));
  }

  /**
   * The same as {@link #open} of a file that is to hold text.
   *
   * @throws IOException if the bytes are compressed
   */
  static InputStream openText(String address, Configuration hadoop) throws IOException {
    InputStream bytes = new BufferedInputStream(open(address, hadoop));
    try {
      bytes.mark(LOOKED_AT);
      String begin = new String(bytes.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
      bytes.reset();
      for (Map.Entry<String, Pattern> compressed : COMPRESSED.entrySet()) {
        if (compressed.getValue().matcher(begin).lookingAt()) {
          boolean named =
              codec(new CompressionCodecFactory(reading(hadoop)), new Path(URI.create(address)))
                  != null;
          throw new IOException(
              (named
                      ? "is compressed twice: decompressed once, it is still "
                      : "is compressed, but its name does not end in ")
                  + compressed.getKey());
        }
      }
      return bytes;
    } catch (IOException | RuntimeException e) {
      IOUtils.closeStream(bytes);
      throw e;
    }
  }

  /** The bytes of a file, decompressed if its name says so. */
  static InputStream open(String address, Configuration hadoop) throws IOException {
    return new Opener(hadoop).open(address);
  }

  /** Opens many files, in one thread: what all of them take is looked up once. */
  static final class Opener {
    private final Configuration reading;
    private final CompressionCodecFactory codecs;
    private final Map<String, FileSystem> fileSystems = new HashMap<>();

    Opener(Configuration hadoop) {
      this.reading = reading(hadoop);
      this.codecs = new CompressionCodecFactory(reading);
    }

    /** The bytes of a file, decompressed if its name says so. */
    InputStream open(String address) throws IOException {
      Path path = new Path(URI.create(address));
      CompressionCodec codec = codec(codecs, path);
      InputStream bytes = openStored(path);
      try {
        return codec == null ? bytes : codec.createInputStream(bytes);
      } catch (IOException | RuntimeException e) {
        IOUtils.closeStream(bytes);
        throw e;
      }
    }

    /** The bytes of a file as they are stored. */
    InputStream openStored(Path path) throws IOException {
      String root = path.toUri().getScheme() + "://" + path.toUri().getAuthority();
      FileSystem fs = fileSystems.get(root);
      if (fs == null) {
        fs = path.getFileSystem(reading);
        fileSystems.put(root, fs);
      }
      return fs.open(path);
    }
  }
}
