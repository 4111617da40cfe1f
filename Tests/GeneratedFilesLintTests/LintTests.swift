import Diagnostics
import Foundation
import GitHubActionsBackend
import GitHubWorkflow
import ReleaseCompiler
import Testing

/// Other people's linters have nothing to say about what is generated.
@Suite struct WorkflowLintTests {
  private func workflowFiles() throws -> [String] {
    let paths = try generatedFiles(".yml").filter { $0.contains("/.github/workflows/") }
    try #require(!paths.isEmpty)
    return paths
  }

  @Test func zizmorFindsNothingAsAnAuditor() throws {
    let outcome = try tool(
      "zizmor", ["--offline", "--persona", "auditor", "--no-progress", "--format", "json"] + workflowFiles())
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func workflowsAreAsGitHubsSchemaSays() throws {
    let outcome = try tool(
      "check-jsonschema", ["--builtin-schema", "vendor.github-workflows"] + workflowFiles())
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func everyScriptOfAStepPassesShellCheck() throws {
    // Many steps are the same script; what it says of one it says of all.
    var seen: Set<String> = []
    for path in exampleSpecs {
      let file = SourceFile(
        path: path, text: try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8))
      let plan = try #require(ReleaseCompiler.check(file).plan)
      for (workflowPath, workflow) in GitHubActionsBackend.workflows(for: plan) {
        for job in workflow.jobs {
          for step in job.steps {
            guard case .run(let script) = step.kind else { continue }
            guard seen.insert(script.text).inserted else { continue }
            let outcome = try tool(
              "shellcheck", ["--shell", "bash", "--severity", "style", "-"], input: Data((script.text + "\n").utf8))
            #expect(outcome.code == 0, "\(workflowPath), \(job.id), \(step.name): \(outcome)")
          }
        }
      }
    }
    #expect(seen.count > 20)
  }
}

/// What this repository gives to GitHub itself: the action, and the workflow that tests it.
@Suite struct OwnActionLintTests {
  @Test func zizmorFindsNothingAsAnAuditor() throws {
    let outcome = try tool(
      "zizmor",
      [
        "--offline", "--persona", "auditor", "--no-progress", "--format", "json", "action.yml",
        ".github/workflows/ci.yml",
      ])
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test(arguments: [("github-actions", "action.yml"), ("github-workflows", ".github/workflows/ci.yml")])
  func theyAreAsGitHubsSchemaSays(schema: String, path: String) throws {
    let outcome = try tool("check-jsonschema", ["--builtin-schema", "vendor.\(schema)", path])
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func theirActionsArePinnedAsInGeneratedWorkflows() throws {
    let pins = ActionPins()
    let own = try ["action.yml", ".github/workflows/ci.yml"].map {
      try String(contentsOf: repository.appendingPathComponent($0), encoding: .utf8)
    }.joined()
    let uses = own.matches(of: #/uses: (?<action>[^@\s]+)@(?<commit>[0-9a-f]{40}) # v[0-9.]+\n/#)
    #expect(uses.count == own.components(separatedBy: "uses: ").count - 2, "all but the action itself")
    #expect(uses.filter { $0.action == "actions/checkout" }.allSatisfy { $0.commit == pins.checkout.commit })
  }
}

@Suite struct ScriptLintTests {
  @Test func shellCheckHasNothingToSayAboutStyleEither() throws {
    let outcome = try tool("shellcheck", ["--severity", "style"] + generatedFiles(".sh"))
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func shfmtWouldFormatThemTheSame() throws {
    let outcome = try tool("shfmt", ["-i", "2", "-ci", "-d"] + generatedFiles(".sh"))
    #expect(outcome.code == 0 && outcome.text.isEmpty, "\(outcome)")
  }

  @Test func bashReadsThem() throws {
    for path in try generatedFiles(".sh") {
      let outcome = try tool("bash", ["-n", path])
      #expect(outcome.code == 0 && outcome.text.isEmpty, "\(path): \(outcome)")
    }
  }
}

@Suite struct AlertRulesLintTests {
  @Test func promtoolTakesTheRules() throws {
    let outcome = try tool("promtool", ["check", "rules", "--lint-fatal"] + generatedFiles(".rules.yml"))
    #expect(outcome.code == 0, "\(outcome)")
  }

  /// Every alert really fires, and is really silent.
  @Test func theRulesPassTheirTests() throws {
    let outcome = try tool("promtool", ["test", "rules"] + generatedFiles(".rules.test.yml"))
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func whoeverHasRulesHasTests() throws {
    let rules = try generatedFiles(".rules.yml").map { String($0.dropLast(".yml".count)) + ".test.yml" }
    #expect(try generatedFiles(".rules.test.yml") == rules)
  }
}

@Suite struct RunbookLintTests {
  /// md013 (length of lines) and md033 (HTML): tables and the ownership header need both.
  @Test func markdownLintHasNothingToSay() throws {
    let outcome = try tool("pymarkdownlnt", ["--disable-rules", "md013,md033", "scan"] + generatedFiles(".md"))
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func tablesAreRenderedAsTables() throws {
    for path in try generatedFiles(".md") {
      let outcome = try tool("cmark-gfm", ["--extension", "table", "--extension", "autolink", "--unsafe", path])
      #expect(outcome.code == 0)
      #expect(outcome.text.contains("<table>"))
      // Code may have pipes; prose with one is a table that was not understood.
      let prose = outcome.text.replacing(#/(?s)<pre.*?<\/pre>|<code>.*?<\/code>/#, with: "")
      let leftovers = prose.split(separator: "\n").filter { $0.contains("|") }
      #expect(leftovers.isEmpty, "\(path)")
    }
  }
}

@Suite struct SchemaTests {
  private func schema() throws -> [String: Any] {
    let data = try Data(contentsOf: repository.appendingPathComponent("Schemas/release.schema.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func schemaIsAJSONSchemaOfDraftSeven() throws {
    #expect(try schema()["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
    let outcome = try tool("check-jsonschema", ["--check-metaschema", "Schemas/release.schema.json"])
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func noKeyOfTheSchemaStandsTwice() throws {
    let script = """
      import json, sys
      def pairs(items):
          keys = [key for key, _ in items]
          assert len(keys) == len(set(keys)), keys
          return dict(items)
      json.load(sys.stdin, object_pairs_hook=pairs)
      """
    let data = try Data(contentsOf: repository.appendingPathComponent("Schemas/release.schema.json"))
    let outcome = try tool("python3", ["-c", script], input: data)
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func examplesAreAsTheSchemaSays() throws {
    let outcome = try tool("check-jsonschema", ["--schemafile", "Schemas/release.schema.json"] + exampleSpecs)
    #expect(outcome.code == 0, "\(outcome)")
  }

  /// What an editor would underline.
  @Test(arguments: [
    ("service: forge-api", "servce: forge-api"), ("hold: 15m, require", "hold: 15 minutes, require"),
    ("better: lower", "better: down"),
    ("deploy:\n      kubernetes:", "deploy:\n      webhook: { url: x }\n      kubernetes:"),
    ("{ to: 25%,", "{ to: a quarter,"), ("immutable: true", "immutable: perhaps"),
    ("reviewers: [forge/product]", "reviewers: []"), ("  error-rate:\n", "  Error Rate:\n"),
  ]) func mistakeIsRefusedByTheSchema(right: String, wrong: String) throws {
    let text = try String(contentsOf: repository.appendingPathComponent("Examples/forge/release.yaml"), encoding: .utf8)
    try #require(text.contains(right))
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(text.replacingOccurrences(of: right, with: wrong).utf8).write(to: url)
    let outcome = try tool("check-jsonschema", ["--schemafile", "Schemas/release.schema.json", url.path])
    #expect(outcome.code == 1 && outcome.text.contains("Schema validation errors"), "\(outcome)")
  }
}

/// The schema of policies, by other people's judgement.
@Suite struct PolicySchemaTests {
  @Test func schemaIsAJSONSchemaOfDraftSeven() throws {
    let outcome = try tool("check-jsonschema", ["--check-metaschema", "Schemas/policy.schema.json"])
    #expect(outcome.code == 0, "\(outcome)")
  }

  @Test func theExampleIsAsTheSchemaSays() throws {
    let outcome = try tool(
      "check-jsonschema", ["--schemafile", "Schemas/policy.schema.json", "Examples/policy.yaml"])
    #expect(outcome.code == 0, "\(outcome)")
  }

  /// One policy with everything that can be asked, and what an editor would underline in it.
  private static let policy = """
    liftlock-policy: 1
    name: acme
    owner: Platform team
    requirements:
      tested: { in: prod*, because: It was not., hotfix: false, promotion: { ci: required, "*smoke*": recommended } }
      soaked: { in: [prod, "*-eu"], soak: 24h }
      approved: { in: prod, approvals: { at-least: 2, by: ["acme/*-owners", ada] } }
      gradual: { in: prod, strategy: [canary, blue-green] }
      small-start: { in: prod, first-step: 10% }
      watched: { in: every, hold: 5m }
      taken-back: { in: every, rollback-when: [{ check: "*health*" }, { unit: percent, better: lower, at-most: 5% }] }
      rotated: { in: every, rotate: { standard: 90d, high: 30d } }
      found-soon: { in: prod, detection-budget: 30m }
      seldom-met: { in: prod, exposure-budget: 10m }
      rotated-soon: { in: every, rotate: 90d }
      by-day: { in: prod, window: { days: [mon, tue], at-most: 8h } }
      announced: { in: prod, window: required }
      holidays: { in: prod, freezes: [{ from: "12-24", to: "12-26" }, { from: "2026-11-26", to: "2026-11-30" }] }
      heard: { in: prod, notify: [rolled-back, rollback-failed] }
    waivers:
      - { service: shop, in: prod, requirement: soaked, owner: Ada, reason: It is new., expires: "2027-01-31" }

    """

  private func judge(_ text: String) throws -> Outcome {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("liftlock-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(text.utf8).write(to: url)
    return try tool("check-jsonschema", ["--schemafile", "Schemas/policy.schema.json", url.path])
  }

  @Test func allThatCanBeAskedIsAccepted() throws {
    let outcome = try judge(Self.policy)
    #expect(outcome.code == 0, "\(outcome)")
    let read = ReleaseCompiler.readPolicy(SourceFile(path: "policy.yaml", text: Self.policy))
    #expect(read.diagnostics.isEmpty && read.policy?.requirements.readable.count == 15, "\(read.diagnostics)")
  }

  /// Schema and compiler refuse the same.
  @Test(arguments: [
    ("liftlock-policy: 1", "liftlock-policy: 2"), ("hold: 5m", "hold: 5"), ("hold: 5m", "hold: 5m, soak: 1h"),
    ("at-least: 2,", "at-least: 0,"), ("ci: required", "ci: requird"), ("first-step: 10%", "first-step: 10"),
    ("strategy: [canary,", "strategy: [canari,"), (", expires: \"2027-01-31\"", ""), ("\"2027-01-31\"", "\"01-31\""),
    ("owner: Platform team", "ownr: Platform team"), ("  heard:", "  He ard:"), ("{ in: every, hold", "{ hold"),
  ]) func mistakeIsRefusedByBoth(right: String, wrong: String) throws {
    try #require(Self.policy.components(separatedBy: right).count == 2)
    let text = Self.policy.replacingOccurrences(of: right, with: wrong)
    let outcome = try judge(text)
    #expect(outcome.code == 1 && outcome.text.contains("Schema validation errors"), "\(outcome)")
    #expect(ReleaseCompiler.readPolicy(SourceFile(path: "policy.yaml", text: text)).policy == nil)
  }
}
