import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.text.Chinese;
import sluice.text.Punctuation;
import sluice.text.WordTokeniser;

/**
 * How well the words of HanLP's dictionary, as the step {@code words} parts them, fit those of {@code conf/zh-words.conf}, on the
 * sentences that its network is judged on: precision, recall and F1 of words whose both ends are right.
 *
 * <pre>
 *   scripts/sluice run conf/zh-words.conf
 *   java $(grep -v '^#' conf/java.options) -cp "$(ls -d scripts/spark/target/*)/jars/*:jobs/target/sluice.jar" \
 *     scripts/reference/HanlpWords.java "$(scripts/sluice path conf/zh-words.conf split)"
 * </pre>
 */
final class HanlpWords {
  private HanlpWords() {}

  public static void main(String[] arguments) {
    long truth = 0;
    long found = 0;
    long right = 0;
    long rows = 0;
    WordTokeniser tokeniser = new WordTokeniser(false, Punctuation.KEEP, Chinese.WORDS);
    try (SparkSession session = SparkSession.builder().master("local[1]").getOrCreate()) {
      for (Row row :
          session.read().parquet(arguments[0]).filter("_part = 'test'").select("text", "tags").collectAsList()) {
        Set<List<Integer>> there = new HashSet<>(words(row.getString(1)));
        Set<List<Integer>> said = new HashSet<>(words(tokeniser, row.getString(0)));
        truth += there.size();
        found += said.size();
        said.retainAll(there);
        right += said.size();
        rows++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d sentences, %,d words: precision %.4f, recall %.4f, F1 %.4f%n",
        rows,
        truth,
        (double) right / found,
        (double) right / truth,
        2.0 * right / (truth + found));
  }

  /** The first character of each word and the one behind it, by tags that are in order. */
  private static List<List<Integer>> words(String tags) {
    String[] each = tags.split(" ");
    List<List<Integer>> words = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < each.length; i++) {
      if (each[i].equals("e") || each[i].equals("s")) {
        words.add(List.of(first, i + 1));
        first = i + 1;
      }
    }
    return words;
  }

  private static List<List<Integer>> words(WordTokeniser tokeniser, String text) {
    List<List<Integer>> words = new ArrayList<>();
    int[] at = new int[1];
    tokeniser.tokenise(
        text,
        token -> {
          int from = text.indexOf(token, at[0]);
          at[0] = from + token.length();
          words.add(List.of(text.codePointCount(0, from), text.codePointCount(0, at[0])));
        });
    return words;
  }
}
