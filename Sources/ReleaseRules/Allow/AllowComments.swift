import Diagnostics

/// What the comments of a spec allow, and what is wrong with those comments.
///
/// A comment `# liftlock: allow NAME reason` lets the findings of that name be that start on its own line or, when nothing
/// else stands on that line, on the next one that is no comment. Warnings can be allowed, and the errors of rules that say so
/// (`Rule.judgement`): what generation cannot live with stays an error, and what a policy asks is not for the spec to waive.
public struct AllowComments: Sendable {
  /// What is still to be told, the problems of the comments among it, in file order.
  public let remaining: [Diagnostic]
  /// What is let be, each with the reason, in file order.
  public let allowed: [Diagnostic]

  /// `names` are all that a finding can be called. `mayMiss`: whether a part of the file could not be judged, so that nobody can
  /// tell whether a comment is of use.
  public init(
    _ comments: [SourceComment], on diagnostics: [Diagnostic], in file: SourceFile, names: @autoclosure () -> [String],
    mayMiss: Bool
  ) {
    let written = comments.compactMap(AllowComment.init)
    guard !written.isEmpty else {
      remaining = diagnostics
      allowed = []
      return
    }
    let names = names()
    let targets = Self.targets(of: written, among: comments, in: file)
    let lines = diagnostics.map { file.position(of: $0.span.start).line }
    var reasons: [Int: String] = [:]
    var sink = DiagnosticSink()
    for (allow, line) in zip(written, targets) {
      if let problem = Self.problem(with: allow, names: names) {
        sink.report(problem)
        continue
      }
      let found = diagnostics.indices.filter { diagnostics[$0].code == allow.name.value && lines[$0] == line }
      let open = found.filter { reasons[$0] == nil }
      let refused = open.filter { !Self.canBeAllowed(diagnostics[$0]) }
      if let first = refused.first { sink.report(Self.neverAllowed(allow, diagnostics[first])) }
      for index in open where !refused.contains(index) { reasons[index] = allow.reason }
      if open.isEmpty, !mayMiss {
        let elsewhere = diagnostics.indices.filter {
          diagnostics[$0].code == allow.name.value && reasons[$0] == nil && Self.canBeAllowed(diagnostics[$0])
        }
        sink.report(Self.unused(allow, at: line, elsewhere: elsewhere.first.map { lines[$0] }, in: file))
      }
    }
    for (index, diagnostic) in diagnostics.enumerated() where reasons[index] == nil { sink.report(diagnostic) }
    remaining = sink.sorted()
    allowed = reasons.keys.sorted().map { index in
      var diagnostic = diagnostics[index]
      diagnostic.allowance = reasons[index]
      return diagnostic
    }
  }

  /// The line that each comment is about.
  private static func targets(
    of written: [AllowComment], among comments: [SourceComment], in file: SourceFile
  ) -> [Int] {
    let commentLines = Set(comments.filter(\.isAlone).map { file.position(of: $0.span.start).line })
    return written.map { allow in
      var line = file.position(of: allow.comment.span.start).line
      guard allow.comment.isAlone else { return line }
      repeat { line += 1 } while commentLines.contains(line)
      return line
    }
  }

  private static func canBeAllowed(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.severity == .warning || RuleCatalogue.judgement(of: diagnostic.code) != nil
  }
}

extension AllowComments {
  private static func problem(with allow: AllowComment, names: [String]) -> Diagnostic? {
    if allow.verb.value != "allow" {
      return .error(
        AllowCodes.invalid, "`\(allow.verb.value)` is not what allows a finding", at: allow.verb.span,
        label: "the word is `allow`", notes: [nothingIsAllowed], help: [form])
    }
    if allow.name.value.isEmpty {
      return .error(
        AllowCodes.invalid, "this comment does not say what it allows", at: allow.comment.span,
        label: "no name behind `allow`", notes: [nothingIsAllowed],
        help: [form, "the name stands in brackets behind `error` or `warning`"])
    }
    if !names.contains(allow.name.value) {
      let near = Spelling.closest(to: allow.name.value, among: names)
      return .error(
        AllowCodes.invalid, "there is no finding `\(allow.name.value)`", at: allow.name.span,
        label: near.map { "did you mean `\($0)`?" } ?? "no finding has this name", notes: [nothingIsAllowed],
        help: [near == nil ? "`liftlock explain` lists all names" : form],
        fixes: near.map {
          [
            Diagnostic.Fix(
              title: "write `\($0)`", isSafe: false,
              edits: [Diagnostic.Edit(span: allow.name.span, replacement: $0)])
          ]
        } ?? [])
    }
    if PolicyCodes.names.contains(allow.name.value) {
      return .error(
        AllowCodes.invalid, "what a policy asks cannot be allowed in the spec", at: allow.name.span,
        label: "a finding of the policy",
        notes: ["who sets the minimum grants the exception, otherwise it would be no minimum"],
        help: ["ask the owner of the policy for a waiver, and delete this comment"])
    }
    if !RuleCatalogue.all.contains(where: { $0.name == allow.name.value }) {
      return .error(
        AllowCodes.invalid, "`\(allow.name.value)` cannot be allowed", at: allow.name.span,
        label: "not a finding of a rule", notes: ["what cannot be read cannot be generated from, either"],
        help: ["put right what is found, and delete this comment"])
    }
    if allow.reason.isEmpty {
      return .error(
        AllowCodes.invalid, "this comment does not say why `\(allow.name.value)` is allowed", at: allow.comment.span,
        label: "no reason behind the name",
        notes: ["without a reason nobody can tell later whether it still holds"],
        help: ["write `# liftlock: allow \(allow.name.value) ` and then the reason"])
    }
    return nil
  }

  private static let nothingIsAllowed = "as it stands, the comment allows nothing"
  private static let form = "write `# liftlock: allow NAME reason`"

  private static func neverAllowed(_ allow: AllowComment, _ diagnostic: Diagnostic) -> Diagnostic {
    .error(
      AllowCodes.invalid, "this error of `\(allow.name.value)` cannot be allowed", at: allow.name.span,
      label: "not a matter of judgement",
      related: [.init(span: diagnostic.span, label: "what is found")],
      notes: ["a release that is generated in spite of it would not do what the spec says"],
      help: ["put right what is found, and delete this comment"])
  }

  private static func unused(
    _ allow: AllowComment, at line: Int, elsewhere: Int?, in file: SourceFile
  ) -> Diagnostic {
    let name = allow.name.value
    return .warning(
      AllowCodes.unused, "this comment allows nothing: there is no `\(name)` on line \(line)",
      at: allow.comment.span, label: "allows nothing",
      notes: ["left here, it would hide the next mistake on that line without anybody's having looked at it"],
      help: [
        elsewhere.map { "`\(name)` is found on line \($0): put the comment there, or at the end of that line" }
          ?? "delete the comment"
      ],
      fixes: elsewhere == nil ? [deletion(of: allow.comment, in: file)] : [])
  }

  /// Takes away the comment, with its line when nothing else stands there.
  private static func deletion(of comment: SourceComment, in file: SourceFile) -> Diagnostic.Fix {
    let line = file.position(of: comment.span.start).line
    var span = comment.span
    if comment.isAlone {
      let start = file.span(ofLine: line).start
      let next = file.span(ofLine: line + 1).start
      span = Span(start: start, end: line < file.lineCount ? next : span.end)
    } else {
      while span.start > 0, file.text[span.start - 1] == UInt8(ascii: " ") || file.text[span.start - 1] == 9 {
        span.start -= 1
      }
    }
    return Diagnostic.Fix(
      title: "delete the comment", isSafe: true, edits: [Diagnostic.Edit(span: span, replacement: "")])
  }
}
