extension SourceFile {
  /// The same file with stars in place of some text, for showing it where others read along, such as in a log. Every other
  /// character keeps its place.
  public func hiding(_ spans: [Span]) -> SourceFile {
    if spans.isEmpty { return self }
    var shown = text
    for span in spans {
      for index in shown.indices.clamped(to: span.start..<max(span.start, span.end)) where shown[index] > 0x20 {
        shown[index] = UInt8(ascii: "*")
      }
    }
    return SourceFile(path: path, text: shown)
  }
}

extension Diagnostic {
  /// The same diagnostic, its sentences without any of these texts.
  public func hiding(_ texts: [String]) -> Diagnostic {
    func shown(_ sentence: String) -> String {
      texts.reduce(sentence) { sentence, text in
        text.isEmpty
          ? sentence : sentence.split(separator: text, omittingEmptySubsequences: false).joined(separator: "***")
      }
    }
    var result = self
    result.message = shown(message)
    result.label = label.map(shown)
    result.notes = notes.map(shown)
    result.help = help.map(shown)
    result.related = related.map { Related(span: $0.span, label: shown($0.label)) }
    return result
  }
}
