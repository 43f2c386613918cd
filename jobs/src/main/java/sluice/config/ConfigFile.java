package sluice.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file and the files it includes. An include names a file, relative to the one it
 * stands in; one that is missing is a problem, and neither class path nor network is looked at. How
 * much is read is bounded: two includes of a file that has two includes, and so on, would be
 * without end.
 */
final class ConfigFile
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final Pattern NUMBERED = Pattern.compile("(.*?: \\d+: )(.*)", Pattern.DOTALL);

  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_INCLUDES = 1000;

  private final Path file;
  private final List<Path> open;
  private final AtomicInteger includes;
  private final Problems problems;
  private String text = "";

  private ConfigFile(Path file, List<Path> open, AtomicInteger includes, Problems problems) {
    this.file = file;
    this.open = open;
    this.includes = includes;
    this.problems = problems;
  }

  /** The parsed file, not yet resolved; empty if it cannot be read, which is then a problem. */
  static Config parse(Path file, Problems problems) {
    return new ConfigFile(file, List.of(), new AtomicInteger(), problems)
        .parse(file.toString())
        .toConfig();
  }

  /**
   * @param asked where the file is asked for, in front of the reason why it cannot be read
   */
  private ConfigObject parse(String asked) {
    Path real = file.toAbsolutePath().normalize();
    if (open.contains(real)) {
      problems.add(asked, "must not include a file that includes it");
      return ConfigFactory.empty().root();
    }
    Optional<String> unreadable = read();
    if (unreadable.isPresent()) {
      problems.add(asked, unreadable.get());
      return ConfigFactory.empty().root();
    }
    List<Path> nowOpen = new ArrayList<>(open);
    nowOpen.add(real);
    ConfigFile including = new ConfigFile(file, nowOpen, includes, problems);
    including.text = text;
    try {
      return ConfigFactory.parseString(
              text,
              ConfigParseOptions.defaults()
                  .setOriginDescription(file.toString())
                  .setIncluder(including))
          .root();
    } catch (ConfigException e) {
      String message = firstLine(e);
      Matcher numbered = NUMBERED.matcher(message);
      problems.add(
          numbered.matches() ? message.substring(0, numbered.end(1) - 2) : file.toString(),
          "not readable as HOCON: " + (numbered.matches() ? numbered.group(2) : message));
      return ConfigFactory.empty().root();
    }
  }

  /** Reads the text; the reason if that is not possible. */
  private Optional<String> read() {
    if (Files.isDirectory(file)) {
      return Optional.of("must be a file, got a directory");
    }
    if (!open.isEmpty() && Files.exists(file) && !Files.isRegularFile(file)) {
      return Optional.of("must be a file, got a device or a pipe");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        return Optional.of("must have at most %,d bytes, got more".formatted(MOST_BYTES));
      }
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of("no such file");
    } catch (CharacterCodingException e) {
      return Optional.of("must be text in UTF-8, got other bytes");
    } catch (IOException e) {
      return Optional.of("not readable: " + e.getClass().getSimpleName());
    }
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    int number = includes.incrementAndGet();
    if (number > MOST_INCLUDES) {
      if (number == MOST_INCLUDES + 1) {
        problems.add(asked(what) + what, "must be one of %,d at most".formatted(MOST_INCLUDES));
      }
      return ConfigFactory.empty().root();
    }
    try {
      Path included = file.resolveSibling(what);
      return new ConfigFile(included, open, includes, problems).parse(asked(what) + included);
    } catch (InvalidPathException e) {
      return notAFile(what);
    }
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return include(context, what.toString());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return notAFile(what.toString());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return notAFile(what);
  }

  private ConfigObject notAFile(String what) {
    problems.add(asked(what) + what, "must be the path of a file");
    return ConfigFactory.empty().root();
  }

  /** The place of an include; the parser does not tell its line. */
  private String asked(String what) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("include") && lines.get(i).contains("\"" + what + "\"")) {
        return file + ": " + (i + 1) + ": include ";
      }
    }
    return file + ": include ";
  }

  /** The first line of what the parser says, in words that fit the fault. */
  static String firstLine(ConfigException e) {
    @Nullable String message = e.getMessage();
    return message == null
        ? e.toString()
        : message
            .lines()
            .findFirst()
            .orElse("")
            .replace(
                "expecting a close parentheses ')' here, not: end of file",
                "a brace } is missing at the end of the file");
  }
}
