import Foundation
import GitHubWorkflow
import ReleaseModel
import Testing

/// One thing that a release is asked, or can go wrong with, in one of its environments.
struct Doc0020Question: Sendable, CustomTestStringConvertible {
  let place: Doc0020.Place
  let name: String
  var testDescription: String { "\(place.rawValue): \(name)" }
}

/// Everything that can stop a release of doc-0020 before it begins, one after the other. The table is compared with the
/// plan: what is added to the spec needs a row here.
@Suite(.threads) struct Doc0020GateTests {
  /// Everything that the plan asks before anything is touched.
  private static let planned: [Doc0020Question] = Doc0020.Place.allCases.flatMap { place -> [Doc0020Question] in
    guard let plan = try? Doc0020.example.get().plan.environment(place.rawValue) else { return [] }
    var names = plan.gates.map { "\($0.requirement == .required ? "gate" : "advice") \($0.name)" }
    names += plan.approvals.map { "approval \($0.environment)" }
    if !plan.approvals.isEmpty { names += ["one person twice"] }
    if plan.spec.window != nil, !plan.isHotfix { names += ["window"] }
    names += plan.freezes.enumerated().map { "freeze \($0 + 1), \($1.reason)" }
    names += plan.preconditions.map { "before \($0.name)" }
    return names.map { Doc0020Question(place: place, name: $0) }
  }

  private struct Obstacle {
    var change: (inout JSON) -> Void = { _ in }
    var programs: [String: String] = [:]
    var message: String
  }

  private static func withoutStatus(_ end: String) -> Obstacle {
    Obstacle(
      change: { scenario in
        let shown = scenario["github"]["commits"]["abc"]["statuses"].elements
        scenario["github"]["commits"]["abc"]["statuses"] = .array(
          shown.filter { $0["context"].string?.hasSuffix(end) != true })
      }, message: "it has not been shown there")
  }

  private static func start(_ moment: String, _ message: String) -> Obstacle {
    Obstacle(change: { $0["start"] = .string(moment) }, message: message)
  }

  private static func obstacle(_ row: Doc0020Question) -> Obstacle? {
    if row.name.hasPrefix("approval ") {
      let environment = String(row.name.dropFirst("approval ".count))
      return Obstacle(
        change: { scenario in
          let passed = scenario["github"]["approvals"]["1001"].elements
          scenario["github"]["approvals"]["1001"] = .array(
            passed.filter { $0["environments"][0] != .string(environment) })
        }, message: "nobody approved this run for \(environment)")
    }
    switch row.name {
    case "gate released-in-staging": return withoutStatus("app/staging")
    case "gate released-in-pilot": return withoutStatus("app/pilot")
    case "gate released-in-staging-hotfix": return withoutStatus("app/staging-hotfix")
    case "gate smoke": return withoutStatus("/smoke")
    case "gate feature-flags": return withoutStatus("/feature-flags")
    case "gate quality-gate":
      return Obstacle(
        change: { $0["github"]["commits"]["abc"]["check_runs"][0]["conclusion"] = "failure" },
        message: "test-gate ended failure")
    case "gate rehearsed":
      return Obstacle(
        change: { $0["github"]["runs"]["900"]["created_at"] = "-101d" }, message: "Rollback rehearsed in staging: ")
    case "gate soak", "advice soak":
      return Obstacle(
        change: { scenario in
          scenario["github"]["deployments"][0]["created_at"] = "-10m"
          let shown = scenario["github"]["commits"]["abc"]["statuses"].elements
          scenario["github"]["commits"]["abc"]["statuses"] = .array(
            shown.map { status in
              var status = status
              status["created_at"] = "-10m"
              return status
            })
        }, message: "this passes at ")
    case "one person twice":
      return Obstacle(
        change: { scenario in
          for index in scenario["github"]["approvals"]["1001"].elements.indices {
            scenario["github"]["approvals"]["1001"][index]["user"] = "sue"
          }
        }, message: "one person, two approvals: sue passed")
    case "window": return start("2026-06-09T02:05:00Z", "outside the change window")
    case "freeze 1, Holidays": return start("2026-12-25T02:05:00Z", "Holidays")
    case "freeze 2, Holidays": return start("2027-01-01T02:05:00Z", "Holidays")
    case "freeze 3, Black Friday": return start("2026-11-27T02:05:00Z", "Black Friday")
    case "before change-log":
      return Obstacle(programs: ["change_log_entry": "exit 1"], message: "change-log failed; nothing was touched")
    case "before health-check":
      return Obstacle(programs: ["health_check": "exit 1"], message: "health-check failed; nothing was touched")
    case "before backup":
      return Obstacle(programs: ["verify_backup": "exit 1"], message: "backup failed; nothing was touched")
    default: return nil
    }
  }

  @Test func thePlanAsksForWhatItIsTestedFor() {
    #expect(names("staging") == ["gate quality-gate", "before health-check"])
    #expect(names("pilot").count == 14)
    #expect(names("production").count == 15)
    #expect(names("staging-hotfix") == ["gate quality-gate", "before health-check"])
    #expect(names("production-hotfix").count == 8)
    for row in Self.planned { #expect(Self.obstacle(row) != nil, "no test for \(row.testDescription)") }
  }

  private func names(_ place: String) -> [String] {
    Self.planned.filter { $0.place.rawValue == place }.map(\.name)
  }

  /// The step of the workflow that asks, as it stands there.
  private static func step(_ row: Doc0020Question) -> String {
    let words = row.name.split(separator: " ").map(String.init)
    return switch words[0] {
    case "gate": "gates.sh \(words[1])"
    case "approval": "gates.sh approval \(words[1])"
    case "one": "gates.sh approval \(row.place.rawValue)"
    case "before": "rollout.sh check \(words[1])"
    default: "rollout.sh preflight"
    }
  }

  @Test(arguments: planned.filter { !$0.name.hasPrefix("advice") && !($0.place == .pilot && $0.name.hasPrefix("one")) })
  func whatStopsAReleaseLeavesTheClusterAlone(row: Doc0020Question) throws {
    let obstacle = try #require(Self.obstacle(row))
    try ReleaseRepository.doc0020(row.place, programs: obstacle.programs, change: obstacle.change) { repository in
      let before = try repository.state["kubernetes"]["objects"]
      let line = "\(row.place.rawValue)/\(Self.step(row))"
      let workflow = repository.example.files.first { $0.path == ".github/workflows/app-\(row.place.rawValue).yml" }
      #expect(workflow?.text.contains("run: ops/app/\(line)\n") == true, "no step asks it")
      let outcome = try repository.script(line, Doc0020.environment(row.place))
      #expect(outcome.code != 0)
      #expect(outcome.output.contains(obstacle.message), "\(outcome.output)")
      #expect(try repository.state["kubernetes"]["objects"] == before)
    }
  }

  /// What a step says stops the whole workflow, here the first of them and the last.
  @Test(arguments: planned.filter { $0.place == .production && ["gate smoke", "before backup"].contains($0.name) })
  func aStepThatFailsStopsTheWorkflow(row: Doc0020Question) throws {
    let obstacle = try #require(Self.obstacle(row))
    try ReleaseRepository.doc0020(row.place, programs: obstacle.programs, change: obstacle.change) { repository in
      let before = try repository.state["kubernetes"]["objects"]
      let runner = try repository.doc0020Runner(row.place)
      let run = try runner.run(event: "workflow_dispatch", secrets: Doc0020.secrets)
      #expect(run.conclusion == .failure)
      #expect(runner.output.contains(obstacle.message), "\(runner.output)")
      #expect(try repository.state["kubernetes"]["objects"] == before)
      #expect(!(try repository.statuses.contains("app/production success")))
    }
  }

  @Test(arguments: planned.filter { $0.name.hasPrefix("advice") })
  func whatIsOnlyRecommendedIsReportedAndDoesNotBlock(row: Doc0020Question) throws {
    let obstacle = try #require(Self.obstacle(row))
    try ReleaseRepository.doc0020(row.place, change: obstacle.change) { repository in
      let outcome = try repository.script("\(row.place.rawValue)/gates.sh soak", Doc0020.environment(row.place))
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("failed (advisory)"), "\(outcome.output)")
    }
  }

  @Test func anApprovalThatWasWaitedForTooLongCountsNoMore() throws {
    let late: (inout JSON) -> Void = { $0["github"]["runs"]["1001"]["created_at"] = "-25h" }
    try ReleaseRepository.doc0020(.production, change: late) { repository in
      let outcome = try repository.script(
        "production/gates.sh approval production", Doc0020.environment(.production))
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("approval expired after 24h"), "\(outcome.output)")
    }
  }
}
