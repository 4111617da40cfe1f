/// The names of the problems that this target reports.
enum YAMLCode {
  static let syntax = "yaml-syntax"
  static let encoding = "yaml-encoding"
  static let bidirectional = "yaml-bidirectional"
  static let empty = "yaml-empty"
  static let severalDocuments = "yaml-several-documents"
  static let duplicateKey = "duplicate-key"
  static let key = "yaml-key"
  static let mergeKey = "yaml-merge-key"
  static let tag = "yaml-tag"
  static let alias = "yaml-alias"
  static let limit = "yaml-limit"
}

extension YAMLDocument {
  /// Every code that reading a document can report, with a sentence that says what it means and a paragraph that says
  /// why it is refused and what to write instead.
  public static let codes: [(code: String, summary: String, rationale: String)] = [
    (
      YAMLCode.syntax, "The file is not well-formed YAML.",
      """
      The reader cannot tell what is meant from this place on, so only the first such problem of a file is reported. \
      Most often a line is indented differently from its neighbours, a quote or bracket is never closed, or a text \
      that contains `: ` or ` #` stands without quotes. YAML indents with spaces, never with tabs.
      """
    ),
    (
      YAMLCode.encoding, "The file is not clean UTF-8 text.",
      """
      Only UTF-8 is read. Bytes that are not UTF-8, NUL bytes and other control characters are shown differently by \
      different programs, so that reviewer and compiler could see different files. A UTF-8 byte order mark is \
      accepted; UTF-16 is not. A NUL is refused even as an escape, for no shell or API can carry it.
      """
    ),
    (
      YAMLCode.bidirectional, "A character reorders the text on screen.",
      """
      The characters U+202A to U+202E and U+2066 to U+2069 are invisible and change the order in which a line is \
      displayed. With them a file can say something else than its reviewer reads (CVE-2021-42574). Where such a \
      character is really wanted, it can be written visibly as an escape in double quotes.
      """
    ),
    (
      YAMLCode.empty, "The file holds no document.",
      """
      The file is empty or has only comments. A file that is there but says nothing is more often an accident, such \
      as a failed merge or a generator that wrote nothing, than a wish.
      """
    ),
    (
      YAMLCode.severalDocuments, "The file holds more than one YAML document.",
      """
      A line `---` starts a new document. Only one document is read from a file; what follows would be ignored \
      without a word, so it is an error. Put further documents into files of their own.
      """
    ),
    (
      YAMLCode.duplicateKey, "A mapping has the same key twice.",
      """
      YAML forbids it, and programs that read it anyway keep the first or the last value without telling. One of the \
      two was meant to be changed or removed: a reviewer who sees only one of them approves something else than what \
      runs. Keys are compared by their text, so `1` and `"1"` are the same key.
      """
    ),
    (
      YAMLCode.key, "A key is not a text.",
      """
      YAML allows lists, mappings and nothing at all as keys. In this language every key is a name. Most often `{…}` \
      stands where a quoted text was meant, as in an unquoted template placeholder, or a key was forgotten before \
      the colon.
      """
    ),
    (
      YAMLCode.mergeKey, "A merge key (`<<`) is used.",
      """
      Merge keys were an experiment of YAML 1.1 and are not in YAML 1.2. Programs disagree about which value wins, \
      and the fields that apply are not where a reviewer looks for them. Write the fields out; a whole value can be \
      shared with an anchor and an alias.
      """
    ),
    (
      YAMLCode.tag, "An explicit tag (`!name`, `!!type`) is used.",
      """
      Tags change the type of a value or ask the reading program to build one of its own objects. The language knows \
      from the place of a value what type it must have. To make sure that something is a text, put it into quotes.
      """
    ),
    (
      YAMLCode.alias, "An alias (`*name`) stands for nothing usable.",
      """
      An alias repeats the value that carries the anchor of the same name, and the anchor has to come first in the \
      file. An alias inside the value that carries its own anchor would make that value contain itself without end.
      """
    ),
    (
      YAMLCode.limit, "The file is larger or deeper than a spec can sensibly be.",
      """
      Size, nesting, number of values (aliases counted as all that they repeat), length of a text and number of \
      problems are limited, so that a hostile file cannot keep the compiler busy: ten lines of aliases can stand for \
      billions of values. The limits are far above what a file reviewed by people needs.
      """
    ),
  ]
}
