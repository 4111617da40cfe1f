import Diagnostics
import Foundation
import Testing

@Suite struct MachineRendererTests {
  private let file = SourceFile(path: "dir a/ré,l:e%.yaml", text: "ä: 1\nb: \"x\"\n")

  private var diagnostic: Diagnostic {
    .error(
      "some-code", "50% of \"it\"\nfails: \u{2028}\u{1}\u{1B}", at: Span(start: 6, end: 7), label: "la,b:el",
      related: [.init(span: Span(start: 0, end: 2), label: "first"), .init(span: Span(start: 3, end: 7), label: "")],
      notes: ["a note"], help: ["some help"],
      fixes: [
        .init(title: "fix it", isSafe: true, edits: [.init(span: Span(start: 6, end: 7), replacement: "c\td")])
      ])
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func onelineGivesOneLineEach() {
    #expect(
      OnelineRenderer().render([(file, [diagnostic, .warning("w", "m", at: Span(at: 0))])]) == """
        dir a/ré,l:e%.yaml:2:1: error[some-code]: 50% of "it" fails: \\u{2028}\\u{1}\\u{1B}
        dir a/ré,l:e%.yaml:1:1: warning[w]: m

        """)
  }

  @Test func jsonReadsBackAsWhatWasWritten() throws {
    let text = JSONRenderer().render([diagnostic], in: file)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x2028) })
    let log = try object(text)
    #expect(log["version"] as? Int == 1)
    let entry = try #require((log["diagnostics"] as? [[String: Any]])?.first)
    #expect(entry["path"] as? String == file.path)
    #expect(entry["code"] as? String == "some-code")
    #expect(entry["severity"] as? String == "error")
    #expect(entry["message"] as? String == diagnostic.message)
    #expect(entry["label"] as? String == "la,b:el")
    #expect(["line", "column", "endLine", "endColumn"].map { entry[$0] as? Int } == [2, 1, 2, 2])
    #expect(entry["notes"] as? [String] == ["a note"])
    #expect(entry["help"] as? [String] == ["some help"])
    let related = try #require(entry["related"] as? [[String: Any]])
    #expect(related.map { $0["label"] as? String } == ["first", ""])
    #expect(related[1]["endLine"] as? Int == 2)
    let fix = try #require((entry["fixes"] as? [[String: Any]])?.first)
    #expect(fix["isSafe"] as? Bool == true)
    let edit = try #require((fix["edits"] as? [[String: Any]])?.first)
    #expect(edit["replacement"] as? String == "c\td")
    #expect([edit["start"] as? Int, edit["end"] as? Int] == [6, 7])
  }

  @Test func whatIsAllowedIsMarkedForMachines() throws {
    var allowed = diagnostic
    allowed.allowance = "by \"contract\""
    let other = Diagnostic.warning("a-code", "m", at: Span(at: 0))
    let entries = try #require(
      object(JSONRenderer().render([allowed, other], in: file))["diagnostics"] as? [[String: Any]])
    #expect(entries[0]["suppressed"] as? [String: String] == ["reason": "by \"contract\""])
    #expect(entries[1]["suppressed"] == nil)
    func results(_ diagnostics: [Diagnostic]) throws -> [[String: Any]] {
      let log = try object(SARIFRenderer { _ in nil }.render(diagnostics, in: file))
      return try #require((log["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
    }
    let suppressions = try results([allowed, other]).map { $0["suppressions"] as? [[String: String]] }
    #expect(suppressions == [[["kind": "inSource", "justification": "by \"contract\""]], []])
    #expect(try results([diagnostic, other]).allSatisfy { $0["suppressions"] == nil })
  }

  @Test func jsonWithoutDiagnosticsIsStillALog() throws {
    let log = try object(JSONRenderer().render([]))
    #expect((log["diagnostics"] as? [Any])?.isEmpty == true)
  }

  @Test func sarifHasRulesPlacesFixesAndEncodedPaths() throws {
    let renderer = SARIFRenderer { $0 == "some-code" ? SARIFRule(summary: "S", helpMarkdown: "**H**") : nil }
    let other = Diagnostic.warning("a-code", "m", at: Span(at: 0))
    let log = try object(renderer.render([(file, [diagnostic, other])]))
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    #expect(run["columnKind"] as? String == "unicodeCodePoints")
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.map { $0["id"] as? String } == ["a-code", "some-code"])
    #expect((rules[1]["help"] as? [String: String])?["markdown"] == "**H**")
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["ruleIndex"] as? Int } == [1, 0])
    #expect(results.map { $0["level"] as? String } == ["error", "warning"])
    let location = try #require((results[0]["locations"] as? [[String: Any]])?.first)
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    let artifact = try #require(physical["artifactLocation"] as? [String: String])
    #expect(artifact == ["uri": "dir%20a/r%C3%A9%2Cl%3Ae%25.yaml", "uriBaseId": "%SRCROOT%"])
    let region = ["startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 2]
    #expect(physical["region"] as? [String: Int] == region)
    #expect((results[0]["relatedLocations"] as? [Any])?.count == 2)
    #expect((results[0]["fixes"] as? [Any])?.count == 1)
  }

  @Test func sarifLeavesOutWarningsBeforeErrorsAndSaysSo() throws {
    let found = (0..<6).map { index in
      Diagnostic(
        code: "c\(index)", severity: index.isMultiple(of: 2) ? .warning : .error, message: "m", span: Span(at: 0))
    }
    func run(_ limit: Int) throws -> (results: [String?], notice: String?) {
      let files = [(file: file, diagnostics: Array(found[..<3])), (file: file, diagnostics: Array(found[3...]))]
      let log = try object(SARIFRenderer(limit: limit) { _ in nil }.render(files))
      let run = try #require((log["runs"] as? [[String: Any]])?.first)
      let invocation = (run["invocations"] as? [[String: Any]])?.first
      let notices = invocation?["toolExecutionNotifications"] as? [[String: Any]]
      let results = try #require(run["results"] as? [[String: Any]])
      return (results.map { $0["ruleId"] as? String }, (notices?.first?["message"] as? [String: String])?["text"])
    }
    #expect(try run(6).results.count == 6)
    #expect(try run(6).notice == nil)
    #expect(try run(4).results == ["c0", "c1", "c3", "c5"])
    #expect(try run(4).notice == "2 findings more are left out; fix these first")
    #expect(try run(2).results == ["c1", "c3"])
  }

  @Test func sarifPathsInTheFolderAreRelative() throws {
    func uri(_ path: String, in folder: String?) throws -> [String: String]? {
      let text = SARIFRenderer(folder: folder) { _ in nil }
        .render([.error("c", "m", at: Span(at: 0))], in: SourceFile(path: path, text: "a"))
      let results = (try object(text)["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]]
      let location = (results?.first?["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
      return location?["artifactLocation"] as? [String: String]
    }
    let relative = ["uri": "b/c.yaml", "uriBaseId": "%SRCROOT%"]
    #expect(try uri("/a/b/c.yaml", in: "/a") == relative)
    #expect(try uri("/b/c.yaml", in: "/") == relative)
    #expect(try uri("./b/c.yaml", in: "/a") == relative)
    #expect(try uri("/ab/c.yaml", in: "/a") == ["uri": "file:///ab/c.yaml"])
    #expect(try uri("/a/b/c.yaml", in: nil) == ["uri": "file:///a/b/c.yaml"])
  }

  @Test func sarifFingerprintsSurviveMovedLinesAndTellEqualFindingsApart() throws {
    func prints(_ source: String) throws -> [String] {
      let file = SourceFile(path: "r.yaml", text: source)
      let found = source.utf8.enumerated().filter { $0.element == UInt8(ascii: "x") }.map {
        Diagnostic.error("c", "m", at: Span(start: $0.offset, end: $0.offset + 1))
      }
      let log = try object(SARIFRenderer { _ in nil }.render(found, in: file))
      let results = try #require((log["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
      return results.compactMap { ($0["partialFingerprints"] as? [String: String])?["liftlockFinding/v1"] }
    }
    let before = try prints("a: x\na: x\nb: x\n")
    #expect(Set(before).count == 3)
    #expect(try prints("\n# new\n\na: x\n  a: x\nb: x\n") == before)
    #expect(try prints("c: x\n") != [before[0]])
  }

  @Test func gitHubAnnotationsEscapeDataAndProperties() {
    let lines = GitHubAnnotationRenderer().render([diagnostic], in: file).split(separator: "\n")
    #expect(
      lines == [
        "::error file=dir a/ré%2Cl%3Ae%25.yaml,line=2,col=1,endLine=2,endColumn=2,title=some-code"
          + "::50%25 of \"it\"%0Afails: \\u{2028}\\u{1}\\u{1B}: la,b:el%0Anote: a note%0Ahelp: some help",
        "1 error, 0 warnings",
      ])
  }

  @Test func gitHubAnnotationsOfSeveralLinesHaveNoColumns() {
    let output = GitHubAnnotationRenderer().render([.warning("w", "a\rb", at: Span(start: 0, end: 8))], in: file)
    #expect(output.contains(",line=1,endLine=2,title=w::a%0Db\n0 errors, 1 warning\n"))
    #expect(GitHubAnnotationRenderer().render([(file, [])]) == "")
  }

  @Test func theTotalIsAnAnnotationWhenGitHubWouldHideSome() {
    let many = (0..<11).map { Diagnostic.error("c", "m\($0)", at: Span(at: 0)) }
    let output = GitHubAnnotationRenderer().render(many, in: file)
    let total = "11 errors, 0 warnings; GitHub shows 10 of each kind, the log has all"
    #expect(output.hasSuffix("\n::notice title=total::\(total)\n"))
  }
}
