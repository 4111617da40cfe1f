import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

/// The whole of `policy.yaml`. Decoding, its JSON Schema and its reference page come from this one value.
public enum PolicyShape {
  private struct Written: Sendable {
    let name: Located<String>
    let owner: String
    let requirements: NamedMap<Policy.Requirement>
    let waivers: [Policy.Waiver]
  }

  private static let version = Shape<Int>(schema: .integer(minimum: 1, maximum: 1)) { node, reader in
    if reader.document.kind(of: node) == .scalar, reader.document.string(of: node) == "1" { return 1 }
    reader.sink.report(
      Diagnostic(
        code: "unknown-version", severity: .error, message: "this version of the policy language is not known here",
        span: reader.document.span(of: node), help: ["write `liftlock-policy: 1`"]))
    return 1
  }

  private static let policyName = Shape<String>.line.map { text, node, reader -> String? in
    guard let problem = NamePattern.word.problem(with: text) else { return text }
    reader.sink.report(
      Diagnostic(
        code: "invalid-name", severity: .error, message: "`\(text)` cannot be the name of a policy",
        span: reader.document.span(of: node), label: problem, help: [NamePattern.word.help]))
    return text
  }.called("a name", pattern: NamePattern.word.regularExpression)

  /// A name with `*` for anything.
  static let wildcard = Shape<String>.matching(
    "^[A-Za-z0-9*][A-Za-z0-9*._/-]*$", "a name with `*` for anything, such as `prod*`"
  ) { text in
    let allowed: (UInt8) -> Bool = {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [42, 45, 46, 47, 95].contains($0)
    }
    guard let first = text.utf8.first, allowed(first), ![45, 46, 47, 95].contains(first) else { return false }
    return text.utf8.allSatisfy(allowed)
  }.map { text, _, _ in text == "every" ? Wildcard.every : Wildcard(text) }

  // MARK: - Waivers

  private static let expiry = Shape<CalendarDay>(
    schema: .string(
      pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", format: "a day with its year")
  ) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a day with its year, such as \"2027-01-31\"")
      return nil
    }
    let text = reader.document.string(of: node)
    if let day = CalendarDay(text), day.year != nil { return day }
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error, message: "`\(text)` is not a day with its year",
        span: reader.document.span(of: node),
        help: ["write year, month and day, such as \"2027-01-31\": every waiver ends"]))
    return nil
  }

  private static let waiver = Shape<Policy.Waiver>.object(
    "waiver", "An exception: a service need not meet a requirement until a day. Only the policy can grant one.",
    .required("service", Shape<String>.line.located, "The service, as its spec names it.", example: "shop"),
    .required(
      "in", wildcard.located.oneOrMany(), "The environments; the hotfix way into one is meant, too.", example: "prod"),
    .required(
      "requirement", Shape<String>.reference.located, "The requirement that it need not meet.", example: "two-people"),
    .required("owner", .line, "Who answers for the exception.", example: "Ada, service owner of shop"),
    .required(
      "reason", .line, "Why it is granted.", example: "The second approver starts in January."),
    .required(
      "expires", expiry.located, "The last day of it. From the next day on it is an error.", example: "\"2027-01-31\"")
  ) { span, service, environments, requirement, owner, reason, expires in
    Policy.Waiver(
      service: service, environments: environments, requirement: requirement, owner: owner, reason: reason,
      expires: expires, span: span)
  }

  // MARK: - The whole

  private static let shape = Shape<Written>.object(
    "policy", "The minimum that every release spec has to meet, and the exceptions from it.",
    .required("liftlock-policy", version, "The version of the policy language.", example: "1"),
    .required("name", policyName.located, "What findings call it.", example: "acme"),
    .required(
      "owner", .line, "Who publishes it; whoever needs an exception asks them.", example: "Platform team (#platform)"),
    .required(
      "requirements", PolicyRequirementShape.shape.named("requirement", keyPattern: .word), "What is asked, by name."),
    .defaulted("waivers", waiver.list(), to: [], shown: "[]", "What need not be met for a while.")
  ) { _, _, name, owner, requirements, waivers in
    Written(name: name, owner: owner, requirements: requirements, waivers: waivers)
  }

  /// The description from which schema and reference are printed.
  public static var schema: SchemaNode { shape.schema }

  /// Reads a policy. `nil` when nothing of use could be read; problems are in the sink, and with an error among them the policy
  /// asks less than it was meant to.
  public static func read(_ document: YAMLDocument, into sink: inout DiagnosticSink) -> Policy? {
    var reader = SpecReader(document: document, sink: sink)
    defer { sink = reader.sink }
    guard let written = shape.read(document.root, &reader) else { return nil }
    let known = written.requirements.names
    for waiver in written.waivers where !known.contains(waiver.requirement.value) {
      reader.sink.report(unknown(waiver.requirement, known))
    }
    return Policy(
      file: document.file, name: written.name, owner: written.owner, requirements: written.requirements,
      waivers: written.waivers)
  }

  private static func unknown(_ name: Located<String>, _ known: [String]) -> Diagnostic {
    let suggestion = Spelling.closest(to: name.value, among: known)
    return Diagnostic(
      code: "unknown-name", severity: .error, message: "there is no requirement `\(name.value)`", span: name.span,
      label: suggestion.map { "did you mean `\($0)`?" },
      help: suggestion == nil
        ? [
          known.isEmpty
            ? "write the requirement first: there is none yet" : "write one of \(spelledList(known))"
        ] : [],
      fixes: suggestion.map {
        [
          Diagnostic.Fix(
            title: "write `\($0)`", isSafe: false, edits: [Diagnostic.Edit(span: name.span, replacement: $0)])
        ]
      } ?? [])
  }
}
