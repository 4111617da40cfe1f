import Foundation
import ReleaseRules
import Testing

@testable import ReferenceDocs

/// What an editor says of a spec while it is written: the schema, judged by check-jsonschema.
@Suite struct SchemaJudgementTests {
  /// Findings that the schema makes, too.
  private static let visible: Set<String> = [
    "unknown-key", "missing-key", "conflicting-keys", "unknown-version", "wrong-type", "empty-list", "unknown-word",
    "out-of-range", "invalid-text", "invalid-duration", "invalid-weight", "invalid-quantity", "invalid-time",
    "invalid-program", "invalid-request", "invalid-condition", "invalid-name",
  ]

  private enum Why: String {
    case names = "a schema does not know which names the file declares"
    case meaning = "a schema sees one value at a time, and this is about two that do not fit each other"
    case arithmetic = "a schema sees how a value is written, and does not calculate with it"
    case optional = "every key that is there is fine, and the one that is missing need not be there in general"
  }

  /// Findings that only the compiler can make.
  private static let invisible: [String: Why] = [
    "unknown-name": .names, "unit-mismatch": .names, "unbound-criterion": .names, "unused-secret": .names,
    "secret-scope": .names, "needless-secret-scope": .names, "alert-without-prometheus": .names,
    "objective-without-ratio": .names,
    "uncounted-events": .names, "empty-cell": .meaning, "weaker-downstream": .meaning, "promotion-bypass": .meaning,
    "environment-order": .meaning, "rising-weights": .meaning, "driver-capability": .meaning,
    "dead-rollback-condition": .meaning, "zero-baseline": .meaning, "contradicting-thresholds": .meaning,
    "destructive-migration": .meaning, "window-exceeds-hold": .meaning, "change-window": .meaning,
    "job-time-limit": .meaning, "login-outlives-hold": .meaning, "secret-literal": .meaning,
    "secret-rotation": .meaning, "same-approver": .meaning, "alert-condition": .meaning, "vacuous-gate": .optional,
    "fallback-not-earlier": .meaning, "stages-not-rising": .meaning,
    "missing-rollback": .optional, "optional-secret-without": .optional, "checklist-check-unbound": .names,
    "comment-by-team": .meaning, "release-issue-without-checklist": .meaning, "drill-exercise": .meaning,
    "window-inside-freeze": .meaning, "detection-budget": .arithmetic, "exposure-budget": .arithmetic,
    "schedule-too-often": .arithmetic, "never-running-schedule": .arithmetic, "unreachable-pass": .arithmetic,
    "unused-check": .names, "unused-metric": .names, "unused-source": .names, "unused-role": .names,
    "unopened-checklist": .meaning, "deaf-channel": .meaning, "notice-without-channel": .meaning,
    "empty-window": .meaning, "approval-outlives-platform": .arithmetic, "canary-not-addressed": .meaning,
    "hotfix-waives-everything": .meaning, "repeated-entry": .meaning,
    "already-blocking": .meaning, "missing-verification": .names,
    "looser-step": .meaning, "unjudged-step": .meaning, "inverted-comparison": .meaning, "unwatched-metric": .meaning,
    "looser-downstream": .meaning, "coarse-ticks": .arithmetic,
    "distant-limits": .arithmetic, "late-alert": .arithmetic, "window-beyond-retention": .arithmetic,
    "unknown-placeholder": .meaning, "blind-canary": .meaning, "repeated-address": .meaning,
    "registry-mismatch": .meaning, "constant-ratio": .meaning, "unreachable-latency": .arithmetic,
    "quiet-objective": .arithmetic,
  ]

  private static let findings = ReadingCodes.all + RuleCatalogue.explanations

  @Test func everyFindingIsJudgedAsTheListsSay() throws {
    let names = Self.findings.map(\.name)
    #expect(Self.visible.isDisjoint(with: Self.invisible.keys))
    #expect(Self.visible.union(Self.invisible.keys) == Set(names), "a finding is in no list, or one is gone")
    let refused = try refused(Dictionary(uniqueKeysWithValues: Self.findings.map { ($0.name, $0.failing.source) }))
    for name in names {
      let why = Self.invisible[name].map(\.rawValue) ?? "this one it can see"
      #expect(refused.keys.contains(name) == Self.visible.contains(name), "\(name): \(why): \(refused[name] ?? [])")
    }
  }

  @Test func whatIsPutRightIsAccepted() throws {
    let refused = try refused(Dictionary(uniqueKeysWithValues: Self.findings.map { ($0.name, $0.passing.source) }))
    #expect(refused.isEmpty, "\(refused)")
  }

  @Test func theExamplesAndTheFirstSpecAreAccepted() throws {
    let folder = repository.appending(path: "Examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasSuffix(".yaml") }.sorted()
    try #require(names.count >= 5)
    var specs = ["first": FirstSpec.text]
    for name in names { specs[name] = try text(of: "Examples/\(name)/release.yaml") }
    let refused = try refused(specs)
    #expect(refused.isEmpty, "\(refused)")
  }

  /// An edit of the base example, and whether the result is accepted.
  private static let edits: [(old: String, new: String, isAccepted: Bool)] = [
    ("hold: 30m", "hold: 30", false), ("hold: 30m", "hold: \"30\"", false), ("hold: 30m", "hold: 30 m", false),
    ("hold: 30m", "hold: 1h30m", true), ("hold: 30m", "hold: 30m1h", false), ("hold: 30m", "hold: \"\"", false),
    ("hold: 30m", "hold: 0m", false), ("hold: 30m", "hold: 0h0s", false), ("hold: 30m", "hold: 30ms", false),
    ("hold: 30m", "hold: 0h30m", true), ("hold: 30m", "hold: 45m5ms", true), ("hold: 30m", "hold: 1800000ms", true),
    ("to: 10%", "to: 10", false), ("to: 10%", "to: 0.5%", false), ("to: 10%", "to: 101%", false),
    ("better: lower", "better: lower\n    slo: 1%", true), ("better: lower", "better: lower\n    slo: -1", false),
    ("unit: percent", "unit: count\n    target: 18", true), ("unit: percent", "unit: count\n    target: 1.5", true),
    ("unit: percent", "unit: count\n    target: 1e3", true), ("unit: percent", "unit: count\n    target: 1e10", false),
    ("error-rate > 3% over 5m", "error-rate>3% over 5m for 2 checks", true),
    ("error-rate > 3% over 5m", "error-rate > 3% over 5", false),
    ("error-rate > 3% over 5m", "error-rate > 2x baseline floor 0.1% over 5m with >= 200 events", true),
    ("error-rate > 3% over 5m", "error-rate > 2x median", false),
    ("error-rate > 3% over 5m", "error-rate > baseline + 3pp for 10m", true),
    ("error-rate > 3% over 5m", "error-rate == 3%", false),
    ("smoke fails for 1m", "smoke fails over 1m", false),
    ("github-checks: [test]", "run: ops/prod.sh --all x=1", true),
    ("github-checks: [test]", "run: /ops/prod.sh", false),
    ("github-checks: [test]", "run: ops/../prod.sh", false), ("github-checks: [test]", "run: ops/prod.sh $HOME", false),
  ]

  /// Where YAML reads a number and the compiler a text, both must be of one mind.
  @Test func theSchemaAcceptsWhatTheCompilerReads() throws {
    var specs: [String: String] = [:]
    for (index, edit) in Self.edits.enumerated() {
      let range = try #require(ExampleSpec.base.range(of: edit.old), "the example has no \(edit.old)")
      specs["edit-\(index)"] = ExampleSpec.base.replacingCharacters(in: range, with: edit.new)
    }
    let refused = try refused(specs)
    for (index, edit) in Self.edits.enumerated() {
      let name = "edit-\(index)"
      #expect((refused[name] == nil) == edit.isAccepted, "\(edit.new): \(refused[name] ?? [])")
      // A number with an exponent is a number to every schema; the compiler asks for plain ones.
      if edit.new.hasSuffix("1e3") { continue }
      // Which unit fits is the business of names, which no schema knows.
      let codes = readingProblems(try #require(specs[name])).filter { $0 != "unit-mismatch" }
      #expect(codes.isEmpty == edit.isAccepted, "\(edit.new): the compiler says \(codes)")
    }
  }

  // MARK: - The schema itself

  @Test func everyPropertyOfTheSchemaIsDescribed() throws {
    var count = 0
    var rest: [(path: String, value: Any)] = [("", try schema())]
    while let (path, value) = rest.popLast() {
      if let list = value as? [Any] { rest += list.map { (path, $0) } }
      guard let object = value as? [String: Any] else { continue }
      rest += object.map { (path + "/" + $0.key, $0.value) }
      for (name, property) in object["properties"] as? [String: [String: Any]] ?? [:] {
        count += 1
        #expect((property["description"] as? String)?.isEmpty == false, "\(path): \(name)")
      }
      // `type: object` is a schema's own key where it is a text.
      if object["type"] as? String == "object" {
        #expect(object["additionalProperties"] as? Bool == false, "\(path) takes keys that nobody knows")
        #expect((object["properties"] == nil) != (object["patternProperties"] == nil), "\(path)")
      }
    }
    #expect(count > 300)
  }

  @Test func theSchemaSaysWhatItIs() throws {
    let schema = try schema()
    #expect(schema["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    #expect(schema["$id"] as? String == "urn:liftlock:release-spec:1")
    #expect(schema["title"] as? String == "Liftlock release spec")
    #expect(schema["description"] is String)
    let outcome = try check(["--check-metaschema", "Schemas/release.schema.json"])
    #expect(outcome.code == 0, "\(outcome.text)")
  }

  private func schema() throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(JSONSchema.releaseSpec.utf8)) as? [String: Any])
  }

  // MARK: - Running check-jsonschema

  /// The specs that the schema refuses, with what it says.
  private func refused(_ specs: [String: String]) throws -> [String: [String]] {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "liftlock-schema-\(UUID().uuidString)")
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: folder) }
    for (name, text) in specs {
      try text.write(to: folder.appending(path: name + ".yaml"), atomically: true, encoding: .utf8)
    }
    let paths = specs.keys.sorted().map { folder.appending(path: $0 + ".yaml").path }
    let outcome = try check(["--schemafile", "Schemas/release.schema.json", "--output-format", "json"] + paths)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.text.utf8)) as? [String: Any], "\(outcome.text)")
    let unread = report["parse_errors"] as? [Any] ?? []
    try #require(unread.isEmpty, "\(unread)")
    var refused: [String: [String]] = [:]
    for error in report["errors"] as? [[String: Any]] ?? [] {
      let path = try #require(error["filename"] as? String)
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      refused[name, default: []].append("\(error["path"] ?? ""): \(error["message"] ?? "")")
    }
    try #require((outcome.code == 0) == refused.isEmpty, "\(outcome.text)")
    return refused
  }

  private func check(_ arguments: [String]) throws -> (code: Int32, text: String) {
    let program = repository.appending(path: ".tools/venv/bin/check-jsonschema")
    try #require(FileManager.default.isExecutableFile(atPath: program.path), "run: Tools/install test")
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = repository
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
