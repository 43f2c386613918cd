package sluice.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.InvalidInput;

/** The files behind the paths of a source, as Spark's readers find them. */
final class SourceFiles {
  /** The address of the file that a row comes from, as Spark writes it. */
  static final Column ADDRESS = functions.col("_metadata.file_path");

  private SourceFiles() {}

  /**
   * The addresses of the files, sorted.
   *
   * @throws InvalidInput (data) naming every path that leads to no file, or if all files are empty
   */
  static List<String> of(SparkSession spark, IngestSettings settings) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    List<String> problems = new ArrayList<>();
    for (String name : settings.path()) {
      try {
        Path path = new Path(name);
        FileStatus[] found = path.getFileSystem(hadoop).globStatus(path);
        if (found == null || found.length == 0) {
          boolean pattern = name.chars().anyMatch(c -> "*?{[".indexOf(c) >= 0);
          problems.add(name + (pattern ? ": matches no file" : ": no such file or directory"));
        }
      } catch (IOException e) {
        problems.add("%s: cannot be looked up: %s".formatted(name, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    String[] addresses =
        spark
            .read()
            .format("text")
            .options(settings.options())
            .load(settings.path().toArray(String[]::new))
            .inputFiles();
    if (addresses.length == 0) {
      throw InvalidInput.data(settings.where() + ": holds no file");
    }
    Arrays.sort(addresses);
    if (Arrays.stream(addresses).allMatch(address -> isEmpty(address, hadoop))) {
      throw InvalidInput.data(
          Arrays.stream(addresses).map(address -> named(address) + ": the file is empty").toList());
    }
    return List.of(addresses);
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

  /** The bytes of a file, decompressed by the rule of Hadoop: by its name's ending. */
  static InputStream open(String address, Configuration hadoop) throws IOException {
    Path path = new Path(URI.create(address));
    InputStream bytes = path.getFileSystem(hadoop).open(path);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    return codec == null ? bytes : codec.createInputStream(bytes);
  }

  static boolean isEmpty(String address, Configuration hadoop) {
    Path path = new Path(URI.create(address));
    try {
      return path.getFileSystem(hadoop).getFileStatus(path).getLen() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
