import Foundation
import GitHubWorkflow
import ReleaseModel
import Testing

/// One thing that a release is asked, or can go wrong with, in one of its environments.
struct Doc0020Trouble: Sendable, Hashable {
  let place: Doc0020.Place
  /// The phase of the rollout that must fail.
  let phase: String
  let name: String
  var description: String { "\(place.rawValue), \(phase): \(name)" }
}

/// What goes wrong in one release, one after the other, before it is taken back.
struct Doc0020Troubles: Sendable, CustomTestStringConvertible {
  var rows: [Doc0020Trouble]
  var testDescription: String { rows.map(\.description).joined(separator: "; ") }
}

/// Everything that takes a release of doc-0020 back, one after the other. The table is compared with the plan: what is
/// added to the spec needs a row here.
@Suite(.threads) struct Doc0020RollbackTests {
  private static let planned: [Doc0020Trouble] = Doc0020.Place.allCases.flatMap { place -> [Doc0020Trouble] in
    guard let plan = try? Doc0020.example.get().plan.environment(place.rawValue) else { return [] }
    // A rolling update has no version of its own to look at before it is live.
    let first = plan.strategy == .rolling ? "step 1" : "verify-candidate"
    var rows = plan.candidateChecks.map { Doc0020Trouble(place: place, phase: first, name: $0.name) }
    for (index, step) in plan.steps.enumerated() {
      rows += (step.require + step.failWhen).map {
        Doc0020Trouble(place: place, phase: "step \(index + 1)", name: $0.condition.text)
      }
    }
    for condition in plan.rollbackWhen {
      if case .manual = condition.subject { continue }
      rows.append(Doc0020Trouble(place: place, phase: "step 1", name: condition.condition.text))
    }
    rows += plan.verify.map { Doc0020Trouble(place: place, phase: "verify \($0.name)", name: $0.name) }
    if plan.spec.migration != nil { rows.append(Doc0020Trouble(place: place, phase: "migrate", name: "migration")) }
    return rows
  }

  /// The releases that show it: one for each, and one for all that is verified at the end. What watches a hotfix in
  /// every step is what watches its target and is shown there.
  private static let releases: [Doc0020Troubles] = Doc0020.Place.allCases.flatMap { place -> [Doc0020Troubles] in
    let rows = planned.filter { $0.place == place }
    let atTheEnd = rows.filter { $0.phase.hasPrefix("verify ") }
    let alone = rows.filter { row in
      !row.phase.hasPrefix("verify ")
        && !(place.isHotfix
          && planned.contains { $0.place.rawValue == place.target && $0.phase == row.phase && $0.name == row.name })
    }
    return alone.map { Doc0020Troubles(rows: [$0]) } + [Doc0020Troubles(rows: atTheEnd)]
  }

  private enum Trouble {
    /// Places of the state with what stands there from then on.
    case version([String: JSON])
    case program(String)
  }

  private static func trouble(_ row: Doc0020Trouble) -> Trouble? {
    switch row.name {
    case "smoke", "smoke fails for 1m": .version(["paths": ["/api/v1/status": 503]])
    case "health": .version(["paths": ["/health": 503]])
    // Between what a step asks for and what takes the release back at once.
    case "error-rate <= 1.05x baseline floor 0.1%": .version(["error_percent": 0.216])
    case "p95-latency <= slo": .version(["p95_ms": 430])
    case "error-rate > 1.1x baseline floor 0.1% for 1m", "errors-within-baseline": .version(["error_percent": 5])
    case "p95-latency > slo + 20% for 1m", "latency-within-slo": .version(["p95_ms": 600])
    case "sign-ups < 0.8x baseline floor 0.1/s over 2m": .version(["metrics": ["sign_ups": 2]])
    case "feature-flags": .program("feature_flags")
    case "critical-path": .program("critical_path")
    case "migration": .program("migrate")
    default: nil
    }
  }

  /// The phases of the place's rollout up to one, in their order.
  private static func phases(_ place: Doc0020.Place, until last: String) throws -> [String] {
    let plan = try #require(try Doc0020.example.get().plan.environment(place.rawValue))
    var all = plan.spec.migration == nil ? [] : ["migrate"]
    all += ["deploy"] + (plan.candidateChecks.isEmpty ? [] : ["verify-candidate"])
    all += plan.steps.indices.map { "step \($0 + 1)" } + ["finish"] + plan.verify.map { "verify \($0.name)" }
    return Array(all.prefix(while: { $0 != last })) + [last]
  }

  private static func back(_ place: Doc0020.Place) -> String {
    switch place.target {
    case "staging": "old × 2, rolled-back"
    case "pilot": "old × 4, canary × 0, rolled-back"
    default: "blue live, blue old × 4, green new × 0, rolled-back"
    }
  }

  @Test func everythingThatTakesAReleaseBackIsInTheTable() {
    for place in Doc0020.Place.allCases { #expect(Self.planned.contains { $0.place == place }) }
    for row in Self.planned { #expect(Self.trouble(row) != nil, "no test for \(row.description)") }
  }

  /// Lets a row's trouble begin, or end.
  private func set(_ row: Doc0020Trouble, isThere: Bool, in repository: ReleaseRepository) throws {
    switch try #require(Self.trouble(row)) {
    case .version(let values):
      let good = repository.scenario["versions"]["new"]
      for (name, value) in values {
        let before = good[name] == .null ? [:] : good[name]
        try repository.set("/versions/new/\(name)", isThere ? value : before)
      }
    case .program(let name):
      let text = "#!/usr/bin/env bash\nexit \(isThere ? 1 : 0)\n"
      try repository.write("scripts/\(name).sh", text, isExecutable: true)
    }
  }

  @Test(arguments: releases)
  func whatGoesWrongTakesTheReleaseBack(troubles: Doc0020Troubles) throws {
    let last = try #require(troubles.rows.last)
    try ReleaseRepository.doc0020(last.place) { repository in
      let environment = Doc0020.environment(last.place)
      for phase in try Self.phases(last.place, until: last.phase) {
        guard let row = troubles.rows.first(where: { $0.phase == phase }) else {
          let outcome = try repository.script("\(last.place.rawValue)/rollout.sh \(phase)", environment)
          #expect(outcome.code == 0, "\(phase): \(outcome.output)")
          continue
        }
        try set(row, isThere: true, in: repository)
        let outcome = try repository.script("\(last.place.rawValue)/rollout.sh \(phase)", environment)
        #expect(outcome.code == 1, "\(phase): \(outcome.output)")
        let expected = row.name.contains(" ") ? row.name : "\(row.name) fail"
        #expect(row.name == "migration" || outcome.output.contains(expected), "\(outcome.output)")
        if row != last { try set(row, isThere: false, in: repository) }
      }
      // As after a cancellation: without the wait for numbers that recover.
      let outcome = try repository.script(
        "\(last.place.rawValue)/rollback.sh --yes --if-needed", environment.merging(["RESULT": "cancelled"]) { $1 })
      #expect(outcome.code == 0, "\(outcome.output)")
      let state = try repository.doc0020State(last.place)
      if last.name == "migration" {
        #expect(state == "blue live, blue old × 4, green old × 0, rolled-back", "\(outcome.output)")
      } else {
        #expect(state == Self.back(last.place), "\(outcome.output)")
      }
    }
  }

  // MARK: - In the workflow

  @Test func aVersionThatFailsAfterTheSwitchIsTakenBackAndEverybodyHearsOfIt() throws {
    let failing: (inout JSON) -> Void = {
      $0["versions"]["new"]["rules"] = [["weight_at_least": 100, "paths": ["/api/v1/status": 503]]]
    }
    try ReleaseRepository.doc0020(.production, change: failing) { repository in
      let runner = try repository.doc0020Runner(.production)
      let run = try runner.run(event: "workflow_dispatch", secrets: Doc0020.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains("ERROR: rollback condition met: smoke fails for 1m"), "\(runner.output)")
      #expect(try repository.doc0020State(.production) == Self.back(.production))
      #expect(try repository.traffic == [["app-blue": 100], ["app-green": 100], ["app-blue": 100]])
      #expect(run.job("guard")?.result == .success)
      let pages = try repository.posted("events.pagerduty.com")
      #expect(pages.contains { $0["event_action"] == "trigger" && $0["payload"]["severity"] == "error" }, "\(pages)")
      let issues = try repository.state["github"]["issues"].elements
      let incident = try #require(issues.first { $0["labels"][0]["name"] == "incident" })
      #expect(incident["body"].string?.contains("- reason: rollback condition met: smoke fails for 1m") == true)
      #expect(issues.contains { $0["title"].string?.contains("Postmortem — app v1.2.3 in production") == true })
      #expect(try repository.statuses.contains("app/production failure"))
      let record = try repository.record(runner.temporary("rollout"), suffix: "1001-1.json")
      #expect(record["result"] == "failure")
      #expect(record["rollbackState"] == "rolled_back")
    }
  }

  @Test func aRunnerThatIsLostLeavesTheRollbackToTheGuard() throws {
    try ReleaseRepository.doc0020(.pilot) { repository in
      let runner = try repository.doc0020Runner(.pilot)
      let run = try runner.run(
        event: "workflow_dispatch", secrets: Doc0020.secrets,
        disturbances: [.runnerLost(job: "rollout", step: runner.index(of: "25 %"))])
      #expect(run.conclusion != .success)
      #expect(run.job("guard")?.result == .success, "\(runner.output)")
      #expect(try repository.doc0020State(.pilot) == Self.back(.pilot))
      #expect(try repository.traffic.map { $0["app-canary"] ?? 0 } == [0, 5, 25, 0])
    }
  }

  /// The version before cannot work with the new schema, so that the schema goes back first; and when that fails, too,
  /// the backup is the last resort.
  @Test func aSchemaThatTheVersionBeforeCannotReadGoesBackFirst() throws {
    let programs = ["migration_compatibility": "exit 1", "rollback_migration": "touch taken-back"]
    try ReleaseRepository.doc0020(.production, programs: programs) { repository in
      for phase in ["migrate", "deploy", "step 1"] {
        let outcome = try repository.script("production/rollout.sh \(phase)", Doc0020.environment(.production))
        #expect(outcome.code == 0, "\(outcome.output)")
      }
      let outcome = try repository.script("production/rollback.sh --yes", Doc0020.environment(.production))
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(
        FileManager.default.fileExists(atPath: repository.checkout.appendingPathComponent("taken-back").path))
      #expect(try repository.doc0020State(.production) == Self.back(.production))
    }
  }

  @Test func aRollbackThatIsKilledHalfwayIsRunAgain() throws {
    let kill: JSON = [
      "command": "kubectl", "match": "patch service/app-service .*blue", "kind": "kill", "when": "after", "times": 1,
    ]
    let killed: (inout JSON) -> Void = { $0["faults"] = [kill] }
    try ReleaseRepository.doc0020(.production, change: killed) { repository in
      let environment = Doc0020.environment(.production)
      for phase in ["deploy", "step 1"] {
        #expect(try repository.script("production/rollout.sh \(phase)", environment).code == 0)
      }
      #expect(try repository.script("production/rollback.sh --yes", environment).code == 137)
      let outcome = try repository.script("production/rollback.sh --yes --if-needed", environment)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.doc0020State(.production) == Self.back(.production))
    }
  }
}
