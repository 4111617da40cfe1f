import Foundation
import Synchronization
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
  let ansi = text.strings.filter(\.isANSI)
  let awk = text.strings.filter { !$0.isANSI && isProgramOfAwk(text.code[..<$0.start]) }
  for rule in PortabilityRule.all {
    switch rule.place {
    case .reader: continue
    case .code: found += matches(rule.pattern, in: code).map { (text.line($0), rule.name) }
    case .source: found += matches(rule.pattern, in: script).map { (text.line($0), rule.name) }
    case .ansi, .awk:
      for string in rule.place == .ansi ? ansi : awk {
        found += matches(rule.pattern, in: string.text).map { (text.line(string.start + $0), rule.name) }
      }
    }
  }
  found += unguardedLists(in: code).map { (text.line($0), "list that may be empty") }
  return found.sorted { $0 < $1 }.map { "\($0.0): \($0.1)" }
}

/// Whether the command that the code ends with is awk's.
private func isProgramOfAwk(_ code: ArraySlice<UInt8>) -> Bool {
  var start = code.endIndex
  while start > code.startIndex, !"|;&(".utf8.contains(code[start - 1]) {
    // A line goes on behind a backslash.
    if code[start - 1] == UInt8(ascii: "\n"), !code[..<(start - 1)].hasSuffix("\\") { break }
    start -= 1
  }
  return code[start...].drop { " \\\n".utf8.contains($0) }.starts(with: "awk ".utf8)
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
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

private let expressions = Mutex<[String: NSRegularExpression]>([:])

/// Where a pattern matches, in bytes.
private func matches(_ pattern: String, in text: String) -> [Int] {
  let known = expressions.withLock { expressions in
    if expressions[pattern] == nil {
      expressions[pattern] = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
    }
    return expressions[pattern]
  }
  guard let expression = known else {
    Issue.record("not a pattern: \(pattern)")
    return []
  }
  return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { match in
    Range(match.range, in: text).map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
  }
}
