package sluice.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import sluice.data.Extensions;
import sluice.data.InvalidInput;
import sluice.data.Sha256;

/**
 * The digest of the built classes and resources of Sluice and of its extensions: of all that lies
 * below {@code sluice/} in the jars and class directories that this program runs from, and of all
 * in those that {@link Extensions} come from. Files are taken by name and content, so neither the
 * order in an archive nor its times matter.
 */
public final class CodeVersion {
  private static final String PACKAGE = "sluice";

  /** Says who built a jar, and with what. */
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private CodeVersion() {}

  /** Of the running program: 64 hexadecimal digits, computed once. */
  public static String current() {
    return Current.DIGEST;
  }

  /**
   * Of jars and class directories.
   *
   * @param own those that hold Sluice
   * @param added those that hold extensions
   */
  static String of(Collection<Path> own, Collection<Path> added) throws IOException {
    SortedSet<String> files = new TreeSet<>();
    for (Path root : own) {
      add(root, name -> name.startsWith(PACKAGE + "/"), files);
    }
    for (Path root : added) {
      add(root, name -> !name.equals(MANIFEST), files);
    }
    return Sha256.hexOf(String.join("\n", files));
  }

  private static void add(Path root, Predicate<String> wanted, SortedSet<String> files)
      throws IOException {
    if (Files.isDirectory(root)) {
      addDirectory(root, wanted, files);
    } else {
      addJar(root, wanted, files);
    }
  }

  private static void addDirectory(Path root, Predicate<String> wanted, SortedSet<String> files)
      throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        if (wanted.test(name)) {
          files.add(name + " " + Sha256.hexOf(Files.readAllBytes(file)));
        }
      }
    }
  }

  private static void addJar(Path root, Predicate<String> wanted, SortedSet<String> files)
      throws IOException {
    try (JarFile jar = new JarFile(root.toFile())) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (!entry.isDirectory() && wanted.test(entry.getName())) {
          try (InputStream in = jar.getInputStream(entry)) {
            files.add(entry.getName() + " " + Sha256.hexOf(in.readAllBytes()));
          }
        }
      }
    }
  }

  /** The jars and class directories that classes were loaded from. */
  static SortedSet<Path> roots(Collection<? extends Class<?>> classes)
      throws IOException, URISyntaxException {
    SortedSet<Path> roots = new TreeSet<>();
    for (Class<?> type : classes) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source != null) {
        roots.add(Path.of(source.getLocation().toURI()).toRealPath());
      }
    }
    return roots;
  }

  private static final class Current {
    private static final String DIGEST = digest();

    private static String digest() {
      try {
        // Where the jars have no entries for directories, the classes known here lead to them.
        SortedSet<Path> own = roots(List.of(CodeVersion.class, InvalidInput.class));
        ClassLoader loader = CodeVersion.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources(PACKAGE))) {
          addRoot(url, own);
        }
        SortedSet<Path> added = new TreeSet<>();
        for (Extensions.Added extension : Extensions.onClassPath().all()) {
          added.addAll(roots(extension.classes()));
        }
        // Sluice's own extension is where Sluice is.
        added.removeAll(own);
        return of(own, added);
      } catch (IOException e) {
        throw new UncheckedIOException("the program's own classes cannot be read", e);
      } catch (URISyntaxException e) {
        throw new IllegalStateException("the program's own classes cannot be found", e);
      }
    }

    private static void addRoot(URL url, SortedSet<Path> roots)
        throws IOException, URISyntaxException {
      if (url.getProtocol().equals("file")) {
        Path root = Path.of(url.toURI()).getParent();
        if (root != null) {
          roots.add(root.toRealPath());
        }
      } else if (url.openConnection() instanceof JarURLConnection connection) {
        URI jar = connection.getJarFileURL().toURI();
        roots.add(Path.of(jar).toRealPath());
      }
    }
  }
}
