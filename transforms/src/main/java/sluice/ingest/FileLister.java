package sluice.ingest;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;
import sluice.data.Excerpt;
import sluice.data.InvalidInput;

/**
 * Walks from paths to files. It takes names as they are: Hadoop's own way through patterns takes a
 * colon in a file's name for the end of a scheme (HADOOP-14217).
 */
final class FileLister {
  private static final Pattern ADDRESS =
      Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*", Pattern.DOTALL);
  private static final String WILDCARDS = "*?{[\\";
  private static final int SHOWN_NAMES = 3;

  /** What is passed over. */
  private enum Kind {
    HIDDEN_FILE("hidden file", "hidden files"),
    HIDDEN_FOLDER("hidden folder", "hidden folders"),
    EMPTY("empty file", "empty files"),
    SECOND_LINK("link to what is read anyway", "links to what is read anyway"),
    BROKEN_LINK("link to nothing", "links to nothing"),
    NO_FILE("entry that is no regular file", "entries that are no regular files");

    private final String one;
    private final String several;

    Kind(String one, String several) {
      this.one = one;
      this.several = several;
    }

    private String of(SortedSet<String> names) {
      return "%d %s (%s)"
          .formatted(
              names.size(), names.size() == 1 ? one : several, Excerpt.list(names, SHOWN_NAMES));
    }
  }

  private final Configuration hadoop;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, SourceFile> files = new TreeMap<>();
  private final Map<Kind, SortedSet<String>> passedOver = new EnumMap<>(Kind.class);
  private final Set<String> entered = new HashSet<>();
  private int reached;

  FileLister(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** Adds what a path leads to. */
  void add(String text) {
    int before = reached;
    int problemsBefore = problems.size();
    try {
      Path path = path(text);
      FileSystem fs = path.getFileSystem(hadoop);
      if (isLocal(fs) && !isNameable(text)) {
        problems.add("%s: cannot be named in %s".formatted(text, encoding()));
        return;
      }
      Path full = fs.makeQualified(path);
      Optional<FileStatus> there = status(fs, full);
      boolean pattern = text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
      if (there.isPresent()) {
        Path base = there.get().isDirectory() ? full : parent(full);
        walk(fs, there.get(), base);
      } else if (pattern) {
        for (String one : GlobExpander.expand(text)) {
          walkMatches(fs, fs.makeQualified(path(one)));
        }
      } else {
        problems.add(
            path.isAbsolute()
                ? text + ": there is no such file"
                : "%s: there is no such file in %s"
                    .formatted(
                        text, SourceFiles.named(fs.getWorkingDirectory().toUri().toString())));
      }
      if (reached == before && problems.size() == problemsBefore) {
        problems.add(
            text
                + (pattern && there.isEmpty() ? ": matches no file" : ": holds no file")
                + (passedOver.isEmpty() ? "" : " that is read; " + passedOverLine()));
      }
    } catch (IOException | RuntimeException e) {
      problems.add("%s: cannot be looked up: %s".formatted(text, e.getMessage()));
    }
  }

  /**
   * What was found.
   *
   * @throws InvalidInput (data) with every problem there was, or naming all files if all are empty
   */
  FileListing listing() {
    SortedSet<String> empty = passedOver.getOrDefault(Kind.EMPTY, new TreeSet<>());
    if (problems.isEmpty() && files.isEmpty()) {
      empty.forEach(name -> problems.add(name + ": the file is empty"));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    List<SourceFile> sorted =
        files.values().stream().sorted(Comparator.comparing(SourceFile::address)).toList();
    Set<String> read = sorted.stream().map(SourceFile::named).collect(Collectors.toSet());
    passedOver.values().forEach(names -> names.removeAll(read));
    passedOver.values().removeIf(Set::isEmpty);
    return new FileListing(
        sorted, passedOver.isEmpty() ? List.of() : List.of("passed over: " + passedOverLine()));
  }

  private String passedOverLine() {
    return passedOver.entrySet().stream()
        .map(entry -> entry.getKey().of(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** A path by its text, in which a colon behind the scheme is a character like any. */
  private static Path path(String text) {
    return ADDRESS.matcher(text).matches() ? new Path(text) : new Path(null, null, text);
  }

  private static Path child(Path folder, String name) {
    return new Path(folder, new Path(null, null, name));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static Optional<FileStatus> status(FileSystem fs, Path path) throws IOException {
    try {
      return Optional.of(fs.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private void walk(FileSystem fs, FileStatus status, Path base) throws IOException {
    Path path = status.getPath();
    if (!status.isDirectory()) {
      addFile(fs, status, base);
      return;
    }
    String real = real(fs, path);
    if (!entered.add(real)) {
      passOver(Kind.SECOND_LINK, path);
      return;
    }
    for (FileStatus child : children(fs, path)) {
      if (isHidden(child.getPath().getName())) {
        passOver(child.isDirectory() ? Kind.HIDDEN_FOLDER : Kind.HIDDEN_FILE, child.getPath());
      } else {
        walk(fs, child, base);
      }
    }
    entered.remove(real);
  }

  private void walkMatches(FileSystem fs, Path pattern) throws IOException {
    Path base = new Path(fs.makeQualified(pattern), "/");
    List<Path> found = List.of(base);
    boolean wild = false;
    String[] parts = pattern.toUri().getPath().split("/", -1);
    for (int i = 1; i < parts.length; i++) {
      GlobPattern glob = new GlobPattern(parts[i]);
      List<Path> next = new ArrayList<>();
      for (Path folder : found) {
        if (glob.hasWildcard()) {
          next.addAll(matches(fs, folder, glob, parts[i]));
        } else {
          next.add(child(folder, parts[i].replaceAll("\\\\(.)", "$1")));
        }
      }
      wild |= glob.hasWildcard();
      if (!wild && i < parts.length - 1) {
        base = next.get(0);
      }
      found = next;
    }
    for (Path path : found) {
      Optional<FileStatus> status = status(fs, path);
      if (status.isPresent()) {
        walk(fs, status.get(), base);
      }
    }
  }

  private List<Path> matches(FileSystem fs, Path folder, GlobPattern glob, String part)
      throws IOException {
    List<Path> matches = new ArrayList<>();
    Optional<FileStatus> status = status(fs, folder);
    if (status.isEmpty() || !status.get().isDirectory()) {
      return matches;
    }
    for (FileStatus child : children(fs, folder)) {
      String name = child.getPath().getName();
      if (!glob.matches(name)) {
        continue;
      }
      if (isHidden(name) && part.charAt(0) != name.charAt(0)) {
        passOver(child.isDirectory() ? Kind.HIDDEN_FOLDER : Kind.HIDDEN_FILE, child.getPath());
      } else {
        matches.add(child.getPath());
      }
    }
    return matches;
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }

  private FileStatus[] children(FileSystem fs, Path folder) throws IOException {
    FileStatus[] children = fs.listStatus(folder);
    Arrays.sort(children, Comparator.comparing(child -> child.getPath().getName()));
    if (isLocal(fs)) {
      checkNames(folder, children);
    }
    return children;
  }

  /**
   * Tells what Hadoop has left out of a folder, as it does what it cannot look up by the name that
   * Java gives.
   *
   * @param children what Hadoop has listed
   */
  void checkNames(Path folder, FileStatus[] children) {
    Set<String> known =
        Arrays.stream(children).map(child -> child.getPath().getName()).collect(Collectors.toSet());
    String local = folder.toUri().getPath();
    for (String name : names(local)) {
      if (known.contains(name)) {
        continue;
      }
      java.nio.file.Path entry = isNameable(name) ? java.nio.file.Path.of(local, name) : null;
      if (entry != null && Files.isSymbolicLink(entry) && !Files.exists(entry)) {
        passOver(Kind.BROKEN_LINK, child(folder, name));
      } else if ((entry == null || !Files.exists(entry)) && names(local).contains(name)) {
        // What is there, or is gone again, has come after the folder was listed.
        problems.add(
            "%s: an entry has a name, shown as \"%s\", that cannot be read in %s"
                .formatted(local, name, encoding()));
      }
    }
  }

  private static List<String> names(String folder) {
    String[] names = new File(folder).list();
    return names == null ? List.of() : List.of(names);
  }

  private void addFile(FileSystem fs, FileStatus status, Path base) throws IOException {
    Path path = status.getPath();
    if (isLocal(fs) && !new File(path.toUri().getPath()).isFile()) {
      passOver(Kind.NO_FILE, path);
      return;
    }
    reached++;
    String folder = base.toUri().getPath();
    String real = real(fs, path);
    SourceFile file =
        new SourceFile(
            path.toUri().toString(),
            path.toUri()
                .getPath()
                .substring(folder.endsWith("/") ? folder.length() : folder.length() + 1),
            status.getLen(),
            status.getModificationTime(),
            real);
    if (file.bytes() == 0) {
      passOver(Kind.EMPTY, path);
      return;
    }
    SourceFile other = files.putIfAbsent(real, file);
    if (other != null && !other.address().equals(file.address())) {
      // Of a file and its links the file itself is read, or the first of the links.
      boolean itself = path.toUri().getPath().equals(real);
      boolean first = file.address().compareTo(other.address()) < 0;
      boolean otherItself = other.path().toUri().getPath().equals(real);
      boolean preferred = itself || (first && !otherItself);
      files.put(real, preferred ? file : other);
      passOver(Kind.SECOND_LINK, preferred ? other.path() : path);
    }
  }

  /** What tells a file from others: on a local disk its path without symbolic links. */
  private static String real(FileSystem fs, Path path) throws IOException {
    return isLocal(fs)
        ? java.nio.file.Path.of(path.toUri().getPath()).toRealPath().toString()
        : path.toString();
  }

  private void passOver(Kind kind, Path path) {
    passedOver
        .computeIfAbsent(kind, any -> new TreeSet<>())
        .add(SourceFiles.named(path.toUri().toString()));
  }

  private static boolean isLocal(FileSystem fs) {
    return fs.getUri().getScheme().equals("file");
  }

  private static boolean isNameable(String text) {
    return Charset.forName(jnuEncoding()).newEncoder().canEncode(text);
  }

  private static String jnuEncoding() {
    return System.getProperty("sun.jnu.encoding", "UTF-8");
  }

  private static String encoding() {
    return "%s, the encoding of names in this process: rename it, or set LC_ALL to a locale such as C.UTF-8"
        .formatted(jnuEncoding());
  }
}
