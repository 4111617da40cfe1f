import Diagnostics
import ReleaseRules
import YAMLDocument

/// What there is to say about every name that a finding can have, wherever it is found.
public enum Explanations {
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    public let rationale: String
    /// A spec, or the part of one, in which it is found; empty where the text alone says it.
    public let failing: String
    public let passing: String

    /// As the terminal shows it.
    public var text: String {
      var text = "\(name)\n\n\(summary)\n\n\(wrapped(rationale))\n"
      if !failing.isEmpty { text += "\nFound here:\n\n\(indented(failing))" }
      if !passing.isEmpty, passing != failing { text += "\nNot found here:\n\n\(indented(passing))" }
      return text
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

  /// Rules first, then what reading a spec reports, then what reading YAML reports.
  public static let all: [Entry] =
    (RuleCatalogue.explanations + ReadingCodes.all).map {
      Entry(
        name: $0.name, summary: $0.summary, rationale: $0.rationale, failing: $0.failing.excerpt,
        passing: $0.passing.excerpt)
    }
    + YAMLDocument.codes.map {
      Entry(name: $0.code, summary: $0.summary, rationale: $0.rationale, failing: "", passing: "")
    }

  public static func find(_ name: String) -> Entry? { all.first { $0.name == name } }
}
