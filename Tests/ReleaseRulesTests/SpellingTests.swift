import Diagnostics
import ReleaseRules
import Testing

/// One slip of the keyboard for each kind of thing that has a name.
struct Slip: CustomTestStringConvertible, Sendable {
  let kind: String
  let edits: [(String, String)]
  let code: String
  /// What is marked, and what was meant.
  let written: String
  let meant: String
  var testDescription: String { kind }

  init(_ kind: String, _ old: String, _ new: String, _ code: String, _ written: String, _ meant: String) {
    self.init(kind, [(old, new)], code, written, meant)
  }

  init(_ kind: String, _ edits: [(String, String)], _ code: String, _ written: String, _ meant: String) {
    self.kind = kind
    self.edits = edits
    self.code = code
    self.written = written
    self.meant = meant
  }
}

private let drills = """
  drills:
    rehearsal: { title: Rehearsal, schedule: "0 9 1 * *", exercise: { staging: dry-run }, owner: operations }
  backup:
    what: The database
    owner: operations
    retention: { prod: 30d }
    drill: rehersal
    backup: [Make a copy.]
    restore: [Bring it back.]

  """
private let hotfix = """
  hotfix:
    tag: "hotfix-v*"
    environments:
      staging: {}
      prod: { waives: { smok: There is no time. } }

  """
private let slips = [
  Slip("key at the top", "environments:", "enviroments:", "unknown-key", "enviroments", "environments"),
  Slip("key of an environment", "rollback:\n", "rolback:\n", "unknown-key", "rolback", "rollback"),
  Slip("key of a step", "to: 10%, hold", "to: 10%, hodl", "unknown-key", "hodl", "hold"),
  Slip("kind of check", "github-checks", "github-cheks", "unknown-key", "github-cheks", "github-checks"),
  Slip("platform", "command: { run: ops/prod.sh }", "comand: { run: ops/prod.sh }", "unknown-key", "comand", "command"),
  Slip("role", "prod: [owner]", "prod: [ownre]", "unknown-name", "ownre", "owner"),
  Slip("metric", "[error-rate > 3%", "[eror-rate > 3%", "unknown-name", "eror-rate", "error-rate"),
  Slip("check", "verify: [smoke, ready]", "verify: [smoke, raedy]", "unknown-name", "raedy", "ready"),
  Slip("check of a condition", "smoke fails", "smke fails", "unknown-name", "smke", "smoke"),
  Slip("row of the matrix", "smoke: { prod:", "smokee: { prod:", "unknown-name", "smokee", "smoke"),
  Slip("environment", "after: staging", "after: stagign", "unknown-name", "stagign", "staging"),
  Slip("column of the matrix", "ci: { prod:", "ci: { prodd:", "unknown-name", "prodd", "prod"),
  Slip("environment of a secret", "in: [prod]", "in: [prdo]", "unknown-name", "prdo", "prod"),
  Slip("secret", "url: PROMETHEUS_URL", "url: PROMETEUS_URL", "unknown-name", "PROMETEUS_URL", "PROMETHEUS_URL"),
  Slip("source", "better: lower", "better: lower\n    source: promethus", "unknown-name", "promethus", "prometheus"),
  Slip("drill", [("promotion:", drills + "promotion:")], "unknown-name", "rehersal", "rehearsal"),
  Slip("row that a hotfix waives", [("promotion:", hotfix + "promotion:")], "unknown-name", "smok", "smoke"),
  Slip(
    "event of a channel", "promotion:", "notify:\n  team: { pull-request: comment, on: [faild] }\npromotion:",
    "unknown-word",
    "faild", "failed"),
  Slip(
    "kind of channel", "promotion:", "notify:\n  team: { pull-reqest: comment, on: [failed] }\npromotion:",
    "unknown-key",
    "pull-reqest", "pull-request"),
  Slip("unit of a metric", "unit: percent", "unit: percnt", "unknown-word", "percnt", "percent"),
  Slip("direction", "better: lower", "better: lowr", "unknown-word", "lowr", "lower"),
  Slip("cell", "smoke: { prod: required }", "smoke: { prod: requierd }", "unknown-word", "requierd", "required"),
  Slip("unit of a length of time", "hold: 30m", "hold: 30min", "invalid-duration", "30min", "30m"),
  Slip("unit in words", "hold: 30m", "hold: 30 minutes", "invalid-duration", "30 minutes", "30m"),
  Slip("unit of a window", "> 3% over 5m", "> 3% over 5mins", "invalid-condition", "5mins", "5m"),
  Slip("unit of a threshold", "> 3% over", "> 3%% over", "invalid-condition", "3%%", "3%"),
  Slip("unit of a promise", "better: lower", "better: lower\n    slo: 1pct", "invalid-quantity", "1pct", "1%"),
  Slip("word of a condition", "> 3% over 5m", "> 3% ovr 5m", "invalid-condition", "ovr", "over"),
  Slip(
    "time zone", "url: https://shop.example",
    "url: https://shop.example\n    window: { days: [mon], from: \"02:00\", to: \"08:00\", zone: Europe/Berln }",
    "invalid-time", "Europe/Berln", "Europe/Berlin"),
]

@Suite struct SpellingTests {
  @Test(arguments: slips)
  private func oneSlipIsOneFindingThatSaysWhatWasMeant(_ slip: Slip) throws {
    let text = try slip.edits.reduce(ExampleSpec.base) { try edited($0, $1) }
    let verdict = Verdict(text)
    #expect(verdict.marked == ["\(slip.code): \(slip.written)"], "\(verdict.text)")
    let finding = try #require(verdict.diagnostics.first)
    #expect(finding.label == "did you mean `\(slip.meant)`?")
    // What the fix writes is free of findings.
    let edit = try #require(finding.fixes.first?.edits.first)
    var bytes = Array(text.utf8)
    bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(edit.replacement.utf8))
    let fixed = Verdict(String(decoding: bytes, as: UTF8.self))
    #expect(fixed.diagnostics.isEmpty, "\(fixed.text)")
  }
}
