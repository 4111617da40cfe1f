import Diagnostics
import ReleaseRules
import YAMLDocument

/// What there is to say about every name that a finding can have, wherever it is found.
public enum Explanations {
  /// Who finds it.
  public enum Group: Sendable, CaseIterable {
    case rules
    case policies
    case comments
    case reading
    case yaml
  }

  public struct Entry: Sendable {
    public let name: String
    public let group: Group
    /// The most severe that it is.
    public let severity: Severity
    public let summary: String
    public let rationale: String
    /// A spec, or the part of one, in which it is found; empty where the text alone says it.
    public let failing: String
    public let passing: String
    /// Why its errors can be allowed by a comment; `nil`: they cannot, or there are none.
    public var judgement: String?

    /// As the terminal shows it.
    public var text: String {
      var text = "\(name)\n\n\(summary)\n\n\(wrapped(rationale))\n"
      if !failing.isEmpty { text += "\nFound here:\n\n\(indented(failing))" }
      if !passing.isEmpty, passing != failing { text += "\nNot found here:\n\n\(indented(passing))" }
      if let allowing { text += "\n\(wrapped(allowing))\n" }
      return text
    }

    /// What can be done about it where the spec is meant as it is.
    public var allowing: String? {
      let comment = "`# liftlock: allow \(name) REASON` on its line, or alone on the line above, lets it be"
      if let judgement { return "\(comment). \(judgement)" }
      return severity == .warning && group == .rules ? "\(comment)." : nil
    }

    private func indented(_ text: String) -> String {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
        .joined(separator: "\n")
    }

    /// In lines of at most 100 characters.
    private func wrapped(_ text: String) -> String {
      var lines: [String] = []
      var line = ""
      for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if !line.isEmpty, line.count + word.count >= 100 {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      return (lines + [line]).joined(separator: "\n")
    }
  }

  /// Rules first, then what a policy finds, then comments that allow, then what reading a spec and reading YAML report.
  public static let all: [Entry] =
    RuleCatalogue.explanations.map { Entry($0, group: .rules) }
    + PolicyCodes.all.map {
      Entry(
        name: $0.name, group: .policies, severity: $0.severity, summary: $0.summary, rationale: $0.rationale,
        failing: $0.failing.excerpt, passing: $0.passing.excerpt)
    } + AllowCodes.all.map { Entry($0, group: .comments) } + ReadingCodes.all.map { Entry($0, group: .reading) }
    + YAMLDocument.codes.map {
      // Whatever it is, the rest of such a file cannot be trusted.
      Entry(
        name: $0.code, group: .yaml, severity: .error, summary: $0.summary, rationale: $0.rationale, failing: "",
        passing: "")
    }

  public static func find(_ name: String) -> Entry? { all.first { $0.name == name } }
}

extension Explanations.Entry {
  fileprivate init(_ explanation: Explanation, group: Explanations.Group) {
    self.init(
      name: explanation.name, group: group, severity: explanation.severity, summary: explanation.summary,
      rationale: explanation.rationale, failing: explanation.failing.excerpt, passing: explanation.passing.excerpt,
      judgement: explanation.judgement)
  }
}
