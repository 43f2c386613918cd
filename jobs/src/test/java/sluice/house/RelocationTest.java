package sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The application jar has libraries under other names than Spark's. A call from the jar to a class
 * outside of it that mentions such a name finds no method when it is made, and no compiler sees it.
 * The test needs no server, but the jar, which is there when those tests are run.
 */
@Tag("server")
final class RelocationTest {
  private static final Path JAR = Path.of("target/sluice.jar").toAbsolutePath();
  private static final String RELOCATED = "Lsluice/shaded/";
  private static final int MAGIC = 0xCAFEBABE;

  /**
   * What a class calls or reads of another.
   *
   * @param owner the other class, as in {@code java/lang/Object}
   * @param name of the method or field
   * @param descriptor its types
   */
  private record Reference(String owner, String name, String descriptor) {}

  @Test
  void noCallThatLeavesTheJarMentionsARelocatedClass() throws IOException {
    Set<String> own = new HashSet<>();
    Set<String> broken = new TreeSet<>();
    int classes = 0;
    int outside = 0;
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<JarEntry> entries =
          jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
      entries.forEach(entry -> own.add(entry.getName().replaceFirst("\\.class$", "")));
      for (JarEntry entry : entries) {
        classes++;
        try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(jar.getInputStream(entry)))) {
          for (Reference reference : references(in)) {
            if (own.contains(reference.owner())) {
              continue;
            }
            outside++;
            if (reference.descriptor().contains(RELOCATED)) {
              broken.add(
                  "%s: %s.%s%s"
                      .formatted(
                          entry.getName(),
                          reference.owner(),
                          reference.name(),
                          reference.descriptor()));
            }
          }
        }
      }
    }
    assertThat(own).anyMatch(name -> name.startsWith("sluice/shaded/jackson/"));
    assertThat(classes).isGreaterThan(10_000);
    assertThat(outside).isGreaterThan(100_000);
    assertThat(broken).isEmpty();
  }

  /** The methods and fields in a class's constant pool: The Java Virtual Machine Spec., 4.4. */
  private static List<Reference> references(DataInputStream in) throws IOException {
    assertThat(in.readInt()).isEqualTo(MAGIC);
    in.readInt();
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    int[] names = new int[count];
    int[][] pairs = new int[count][];
    List<int[]> found = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 3, 4 -> in.readInt();
        case 5, 6 -> {
          in.readLong();
          i++;
        }
        case 7, 8, 16, 19, 20 -> names[i] = in.readUnsignedShort();
        case 9, 10, 11 -> found.add(new int[] {in.readUnsignedShort(), in.readUnsignedShort()});
        case 12 -> pairs[i] = new int[] {in.readUnsignedShort(), in.readUnsignedShort()};
        case 15 -> {
          in.readUnsignedByte();
          in.readUnsignedShort();
        }
        case 17, 18 -> in.readInt();
        default -> throw new IOException("no tag of a constant: " + tag);
      }
    }
    List<Reference> references = new ArrayList<>();
    for (int[] one : found) {
      int[] pair = pairs[one[1]];
      references.add(new Reference(texts[names[one[0]]], texts[pair[0]], texts[pair[1]]));
    }
    return references;
  }
}
