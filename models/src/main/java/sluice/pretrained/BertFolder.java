package sluice.pretrained;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.text.BertTokeniser;
import sluice.text.TokenizerJson;

/**
 * The folder of an encoder: its weights and what makes its tokens.
 *
 * @param path of it, as it is shown
 */
record BertFolder(Path path) {
  /** The file that says how texts become tokens. */
  private static final String TOKENIZER = "tokenizer.json";

  /** All that decides an encoder, as far as it is there. */
  static final List<String> FILES =
      List.of(BertEncoder.MODEL, BertConfig.FILE, BertConfig.POOLING, TOKENIZER);

  /** The file with what makes tokens, as messages name it. */
  String tokenizer() {
    return path + "/" + TOKENIZER;
  }

  /** What {@link #tokenizer} holds. */
  byte[] tokenizerContent() {
    try {
      return ForeignFile.read(path, TOKENIZER, TokenizerJson.MOST_BYTES);
    } catch (NoSuchFileException e) {
      throw InvalidInput.data(
          "%s: must be there, beside %s, and is not".formatted(tokenizer(), BertEncoder.MODEL));
    } catch (IOException e) {
      throw InvalidInput.data("%s: must be a file, cannot be read: %s".formatted(tokenizer(), e));
    }
  }

  /**
   * What makes the tokens.
   *
   * @param vocabulary how many there are for the weights
   * @throws InvalidInput (data) if they are not as many, or the file is not what it must be
   */
  BertTokeniser tokeniser(int vocabulary) {
    BertTokeniser tokeniser = TokenizerJson.read(tokenizerContent(), tokenizer());
    if (tokeniser.size() != vocabulary) {
      throw InvalidInput.data(
          "%s must have the %s tokens of the network beside it, got %s"
              .formatted(tokenizer(), vocabulary, tokeniser.size()));
    }
    return tokeniser;
  }

  /**
   * The SHA-256 of the file of the weights, in hexadecimal.
   *
   * @throws InvalidInput (data) if there is none, or it cannot be read
   */
  String digest() {
    return digest(BertEncoder.MODEL)
        .orElseThrow(
            () -> InvalidInput.data("%s: there is no %s".formatted(path, BertEncoder.MODEL)));
  }

  /**
   * The SHA-256 of a file; none if there is no such file.
   *
   * @throws InvalidInput (data) if it cannot be read
   */
  Optional<String> digest(String name) {
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    MessageDigest digest = Sha256.start();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw InvalidInput.data("%s: cannot be read: %s".formatted(file, e));
    }
    return Optional.of(Sha256.finish(digest));
  }
}
