package sluice.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Files that Spark reads as they are listed, with no look at the folders that they lie in. */
final class ListedFiles implements FileIndex {
  private final List<SourceFile> files;
  private final Configuration hadoop;

  ListedFiles(List<SourceFile> files, Configuration hadoop) {
    this.files = List.copyOf(files);
    this.hadoop = hadoop;
  }

  @Override
  public Seq<Path> rootPaths() {
    return JavaConverters.asScalaBuffer(files.stream().map(SourceFile::path).toList()).toSeq();
  }

  @Override
  public Seq<PartitionDirectory> listFiles(
      Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
    List<FileStatus> found = new ArrayList<>();
    for (SourceFile file : files) {
      found.add(located(file, hadoop));
    }
    PartitionDirectory all =
        PartitionDirectory.apply(InternalRow.empty(), found.toArray(FileStatus[]::new));
    return JavaConverters.asScalaBuffer(List.of(all)).toSeq();
  }

  /** With the machines that hold the file's blocks, where they are not all on this one. */
  static FileStatus located(SourceFile file, Configuration hadoop) {
    Path path = file.path();
    try {
      FileSystem fs = path.getFileSystem(hadoop);
      FileStatus status =
          new FileStatus(
              file.bytes(), false, 1, fs.getDefaultBlockSize(path), file.modified(), path);
      return fs.getUri().getScheme().equals("file")
          ? status
          : new LocatedFileStatus(status, fs.getFileBlockLocations(status, 0, file.bytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(file.named(), e);
    }
  }

  @Override
  public String[] inputFiles() {
    return files.stream().map(SourceFile::address).toArray(String[]::new);
  }

  @Override
  public void refresh() {}

  @Override
  public long sizeInBytes() {
    return files.stream().mapToLong(SourceFile::bytes).sum();
  }

  @Override
  public StructType partitionSchema() {
    return new StructType();
  }
}
