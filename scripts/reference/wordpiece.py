"""Indices of texts by Hugging Face's tokenizers: what BertTokeniserTest compares with.

    python3 scripts/reference/wordpiece.py > transforms/src/test/resources/sluice/text/wordpiece.json

Needs tokenizers; the output names its version. It holds small tokenizer.json files, the indices of texts by each, and what becomes of
every code point of Unicode between the letters a and b: the runs of code points that are joined to both, words of their own, space or
left out, and what others turn into.
"""

import json

import tokenizers
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing, TemplateProcessing

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXTS = [
    "",
    " ",
    "Hello, world!",
    "hello HELLO HeLLo hellos unhello",
    "It's 3.14 (or so) - isn't it? #tag @name a_b 50% $5 <x> ^~`|",
    "na\u00efve caf\u00e9 Z\u00fcrich e\u0301 \u0130stanbul \u01c5 \u1e9e \u00df STRASSE \u03a3\u03ac\u03c2",
    "\u6211\u4eec\u7231\u5317\u4eac hello\u6211world \uff21\uff22\uff0c\u3002 \u3042\u3044 \uac00\ub098\ub2e4 \u2f00 \uf900 \U00020000\U0002b920\U0002f800",
    "tab\tnew\nline\rreturn\x0bvt\x0cff\x00nul\x7fdel\x85nel\xa0nbsp\u3000ideographic\u2028ls\u200bzw\u200d\ufeff\ufffd\ue000",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea flags",
    "[CLS] a [SEP] b [MASK][MASK] [mask] [UNK] x[SEP]y [SEP",
    "x" * 100 + " " + "x" * 101 + " " + "hello" * 20,
    "one two three four five six seven eight nine ten eleven twelve",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u0928\u092e\u0938\u094d\u0924\u0947 \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0440\u0443\u0441\u0441\u043a\u0438\u0439 \u0439\u0451",
    "a\u0327\u0301 \u0301leading \u1eadn",
    "newtok newtoken NEWTOK anewtokb",
]
WORDS = ["hello", "world", "one", "two", "three", "new", "line", "tab", "cafe", "caf\u00e9", "\u5317\u4eac", "tok", "[", "newtok"]


def vocabulary():
    letters = sorted(set("abcdefghijklmnopqrstuvwxyzHEL0123456789.,!?()'-#@_%$<>^~`|[]\u6211\u7231\u5317\u4eac\u3002\uff0c\u0440\u0443\u0441\u03c3\u05e9\u00e9\u00df\u1100\u1161"))
    tokens = SPECIALS + letters + ["##" + letter for letter in letters if letter.isalnum()] + WORDS[:-1] + ["##s", "##ello", "##hello", "##\u0301"]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}


def made(normalizer, processor, added=()):
    tokenizer = Tokenizer(WordPiece(vocabulary(), unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = processor
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIALS])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in added])
    return tokenizer


template = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
padded = made(BertNormalizer(lowercase=True), template)
padded.enable_padding(length=128)
padded.enable_truncation(128)
files = {
    "uncased": padded,
    "cased": made(BertNormalizer(lowercase=False), BertProcessing(("[SEP]", 3), ("[CLS]", 2))),
    "accents": made(BertNormalizer(lowercase=True, strip_accents=False, handle_chinese_chars=False), template, ["newtok", "newtoken"]),
    "raw": made(BertNormalizer(clean_text=False, lowercase=False, strip_accents=True), None),
}
cases = []
for name, tokenizer in files.items():
    saved = tokenizer.to_str()
    tokenizer.no_padding()
    for most in (512, 3, 8):
        tokenizer.enable_truncation(most)
        for text in TEXTS:
            cases.append({"file": name, "text": text, "maxLength": most, "ids": tokenizer.encode(text).ids})
    files[name] = json.loads(saved)

runs, turned = [], {}
normalizer, words = BertNormalizer(lowercase=True), BertPreTokenizer()
for point in [p for p in range(0x110000) if not 0xD800 <= p < 0xE000]:
    found = [word for word, _ in words.pre_tokenize_str(normalizer.normalize_str("a" + chr(point) + "b"))]
    kind = {("ab",): "gone", ("a", "b"): "space"}.get(tuple(found))
    if kind is None:
        kind = "joined" if len(found) == 1 else "alone"
        inner = found[0][1:-1] if len(found) == 1 else "|".join(found[1:-1])
        # Hangul syllables turn into their letters by a rule.
        if inner != chr(point) and not (0xAC00 <= point < 0xD7A4 and point % 97):
            turned["%x" % point] = inner
    if 0xAC00 <= point < 0xD7A4:
        kind = "joined"
    if runs and runs[-1][2] == kind and runs[-1][1] == point - 1:
        runs[-1][1] = point
    else:
        runs.append([point, point, kind])
print(json.dumps({"versions": {"tokenizers": tokenizers.__version__}, "files": files, "cases": cases, "runs": runs, "turned": turned}))
