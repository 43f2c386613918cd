package sluice.testing;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The {@code tokenizer.json} of a network of the family of BERT. */
public final class WordPieceJson {
  private WordPieceJson() {}

  /**
   * The file's content.
   *
   * @param vocabulary the tokens in the order of their indices, {@code [UNK]}, {@code [CLS]} and
   *     {@code [SEP]} among them
   */
  public static String of(List<String> vocabulary) {
    String indices =
        IntStream.range(0, vocabulary.size())
            .mapToObj(i -> "\"%s\": %d".formatted(vocabulary.get(i), i))
            .collect(Collectors.joining(", "));
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                    "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", %d], "sep": ["[SEP]", %d]},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
               "max_input_chars_per_word": 100, "vocab": {%s}}}
    """
        .formatted(vocabulary.indexOf("[CLS]"), vocabulary.indexOf("[SEP]"), indices);
  }

  /**
   * The content with a vocabulary of {@code [PAD]}, {@code [UNK]}, {@code [CLS]}, {@code [SEP]},
   * {@code [MASK]}, w5, w6 and so on.
   *
   * @param tokens how many there are
   */
  public static String ofNumbered(int tokens) {
    List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    return of(
        IntStream.range(0, tokens)
            .mapToObj(i -> i < special.size() ? special.get(i) : "w" + i)
            .toList());
  }
}
