package sluice.network.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.network.dl4j.Dl4jConfiguration;

/**
 * The architecture that a file of Keras holds: {@code .h5} with a whole model, {@code .keras}, or
 * the text of {@code model.to_json()}. Only that is read, never weights, optimisers or code.
 */
public final class KerasFile {
  /** The attribute of HDF5 files, and the entry of zip files, with the architecture. */
  private static final String ATTRIBUTE = "model_config";

  private static final String ENTRY = "config.json";

  /** How many entries of a zip file are looked through. */
  private static final int MOST_ENTRIES = 1_000;

  private KerasFile() {}

  /**
   * The network in Deeplearning4j's form.
   *
   * @throws InvalidInput (data) if it is no such file, or has what cannot be converted
   */
  public static Dl4jConfiguration read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(
          ForeignFile.read(in, ForeignFile.mostNumbers(), file.toString()), file.toString());
    } catch (IOException e) {
      throw InvalidInput.data("%s: must be a file, cannot be read: %s".formatted(file, e));
    }
  }

  /**
   * The network in Deeplearning4j's form.
   *
   * @param content of the file
   * @param where the file, for messages
   */
  static Dl4jConfiguration read(byte[] content, String where) throws IOException {
    JsonNode architecture = Dl4jConfiguration.boundedTree(architecture(content, where), where);
    return KerasConversion.converted(architecture, where);
  }

  private static byte[] architecture(byte[] content, String where) throws IOException {
    if (Hdf5Attribute.isIn(content)) {
      return Hdf5Attribute.text(content, ATTRIBUTE, where)
          .orElseThrow(
              () ->
                  InvalidInput.data(
                      "%s: must hold a whole model (%s), as model.save() writes it, holds none"
                          .formatted(where, ATTRIBUTE)))
          .getBytes(StandardCharsets.UTF_8);
    }
    return content.length > 1 && content[0] == 'P' && content[1] == 'K'
        ? entry(content, where)
        : content;
  }

  private static byte[] entry(byte[] content, String where) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (int i = 0; i < MOST_ENTRIES; i++) {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null) {
          break;
        }
        if (entry.getName().equals(ENTRY)) {
          return ForeignFile.read(zip, Dl4jConfiguration.MOST_BYTES, where + "/" + ENTRY);
        }
      }
    }
    throw InvalidInput.data("%s: must hold %s, as model.save() writes it".formatted(where, ENTRY));
  }
}
