import Foundation
import Testing

@testable import ShellBackend

/// On-call laptops run macOS: bash 3.2, and tools of BSD.
@Suite struct PortabilityTests {
  /// What is committed is what is generated: GoldenTests hold it.
  @Test(arguments: try files(in: "Generated", ending: ".sh")) func everyScriptRunsOnMacOS(path: String) throws {
    let text = try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    #expect(portabilityProblems(of: text).isEmpty, "\(path)")
  }

  /// Also those that no example needs.
  @Test func everyFunctionOfTheLibraryRunsOnMacOS() {
    #expect(ShellLibrary.functions.count > 30)
    for (name, function) in ShellLibrary.functions {
      #expect(portabilityProblems(of: function.body.source).isEmpty, "\(name)")
    }
  }

  @Test(arguments: PortabilityRule.all) func ruleRefusesWhatItIsForAndNothingSimilar(rule: PortabilityRule) {
    #expect(portabilityProblems(of: "id\n" + rule.bad + "\n").contains { $0.hasSuffix(": " + rule.name) })
    #expect(portabilityProblems(of: rule.good + "\n") == [])
  }

  @Test func problemNamesItsLine() {
    #expect(portabilityProblems(of: "id # mapfile\nsay \"mapfile $(mapfile x)\"\n") == ["2: mapfile"])
  }
}

/// `LINE: RULE` for everything in the script that breaks a rule.
func portabilityProblems(of script: String) -> [String] {
  let text = ShellText(script)
  let code = String(decoding: text.code, as: UTF8.self)
  var found = text.problems.map { (text.line($0.offset), $0.rule) }
  for rule in PortabilityRule.all {
    switch rule.place {
    case .reader: continue
    case .code: found += matches(rule.pattern, in: code).map { (text.line($0), rule.name) }
    case .source: found += matches(rule.pattern, in: script).map { (text.line($0), rule.name) }
    case .ansi, .awk:
      for string in text.strings where (rule.place == .ansi) == string.isANSI {
        if rule.place == .awk, !isProgramOfAwk(text.code[..<string.start]) { continue }
        found += matches(rule.pattern, in: string.text).map { (text.line(string.start + $0), rule.name) }
      }
    }
  }
  found += unguardedLists(in: code).map { (text.line($0), "list that may be empty") }
  return found.sorted { $0 < $1 }.map { "\($0.0): \($0.1)" }
}

/// Whether the command that the code ends with is awk's.
private func isProgramOfAwk(_ code: ArraySlice<UInt8>) -> Bool {
  let text = String(decoding: code, as: UTF8.self).replacingOccurrences(of: "\\\n", with: "  ")
  let command = text.split(omittingEmptySubsequences: false) { "|;&(\n".contains($0) }.last ?? ""
  return command.split(separator: " ").first == "awk"
}

/// Offsets of lists that are expanded without asking whether they hold anything: an error there under `set -u`.
private func unguardedLists(in code: String) -> [Int] {
  let bytes = Array(code.utf8)
  return matches(#"\$\{!?\w+\[[@*]\](?!\+)"#, in: code).filter { start in
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "]")) else { return true }
    let guarding = bytes[start...end] + Array("+\"".utf8)
    return !bytes[..<start].suffix(guarding.count).elementsEqual(guarding)
  }
}

/// Where a pattern matches, in bytes.
private func matches(_ pattern: String, in text: String) -> [Int] {
  guard let expression = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines]) else {
    Issue.record("not a pattern: \(pattern)")
    return []
  }
  return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { match in
    Range(match.range, in: text).map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
  }
}
