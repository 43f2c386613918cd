import com.hankcs.hanlp.HanLP;
import com.hankcs.hanlp.seg.Segment;
import com.hankcs.hanlp.seg.common.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.text.Chinese;
import sluice.text.Punctuation;
import sluice.text.WordTokeniser;

/**
 * Parts the texts of the test rows into words: {@code Words SPLIT}, a stage's output with columns
 * {@code text} and {@code tags} (b, m, e and s of its characters). Prints for HanLP's segmenter, as
 * it is by default and without its recognition of names, and for the step {@code words}: name,
 * precision, recall and F1 of words whose both ends are right.
 */
public final class Words {
  private Words() {}

  /** A word of a text, by code points. */
  private record Word(int first, int last) {}

  public static void main(String[] args) {
    Segment hanlp = HanLP.newSegment();
    Segment nameless = HanLP.newSegment().enableAllNamedEntityRecognize(false);
    WordTokeniser step = new WordTokeniser(false, Punctuation.KEEP, Chinese.WORDS);
    Map<String, Function<String, List<String>>> ways = new LinkedHashMap<>();
    ways.put("HanLP", text -> tokens(hanlp, text));
    ways.put("HanLP without names", text -> tokens(nameless, text));
    ways.put("step words", text -> tokens(step, text));
    List<Row> rows;
    try (SparkSession spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate()) {
      rows =
          spark
              .read()
              .parquet(args[0])
              .filter("_part = 'test'")
              .select("text", "tags")
              .collectAsList();
    }
    ways.forEach((name, way) -> System.out.println(name + " " + measured(rows, way)));
  }

  private static String measured(List<Row> rows, Function<String, List<String>> way) {
    long there = 0;
    long found = 0;
    long right = 0;
    for (Row row : rows) {
      Set<Word> truth = new HashSet<>(ofTags(row.getString(1)));
      List<Word> said = ofTokens(row.getString(0), way.apply(row.getString(0)));
      there += truth.size();
      found += said.size();
      right += said.stream().filter(truth::contains).count();
    }
    return String.format(
        Locale.ROOT,
        "%.4f %.4f %.4f",
        (double) right / found,
        (double) right / there,
        2.0 * right / (there + found));
  }

  private static List<Word> ofTags(String tags) {
    String[] each = tags.split(" ");
    List<Word> words = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < each.length; i++) {
      if (each[i].equals("e") || each[i].equals("s")) {
        words.add(new Word(first, i));
        first = i + 1;
      }
    }
    return words;
  }

  /** Tokens must be the whole text, in its order. */
  private static List<Word> ofTokens(String text, List<String> tokens) {
    if (!String.join("", tokens).equals(text)) {
      throw new IllegalStateException("not the text: " + tokens + " of " + text);
    }
    List<Word> words = new ArrayList<>();
    int first = 0;
    for (String token : tokens) {
      int next = first + token.codePointCount(0, token.length());
      words.add(new Word(first, next - 1));
      first = next;
    }
    return words;
  }

  private static List<String> tokens(Segment hanlp, String text) {
    return hanlp.seg(text).stream().map((Term term) -> term.word).toList();
  }

  private static List<String> tokens(WordTokeniser step, String text) {
    List<String> tokens = new ArrayList<>();
    step.tokenise(text, tokens::add);
    return tokens;
  }
}
