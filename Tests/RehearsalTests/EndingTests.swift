import GitHubWorkflow
import Testing

@testable import Rehearsal

/// What goes wrong in a rehearsal ends as its plan says, and the report says so.
@Suite(.threads) struct EndingTests {
  private func text(_ report: RehearsalReport) -> String {
    RehearsalText.timeline(report) + RehearsalText.summary(report)
  }

  @Test func aBadVersionIsTakenBack() throws {
    let example = try Rehearsed.example("trade-nexus")
    let rehearsal = try example.rehearsal("production")
    let request = RehearsalRequest(operations: [], environment: rehearsal.environment)
    let report = try example.run("production") { $0.bad = [try request.badVersion("error-rate=12%@50%")] }
    #expect(report.ending == .rolledBack, "\(text(report))")
    #expect(report.weight == 0)
    let weights = report.moments.compactMap(\.weight)
    #expect(weights == [10, 50, 0])
    #expect(report.moments.contains { $0.event == "stopped" && $0.text.contains("error-rate") })
    #expect(RehearsalText.summary(report).contains("rolled back and verified"))
    #expect(try JSON(parsing: RehearsalText.json(report))["ending"] == "rolled-back")
  }

  @Test(arguments: PlannedInterruption.Kind.allCases) func whatIsBrokenOffIsTakenBack(_ kind: PlannedInterruption.Kind)
    throws
  {
    let example = try Rehearsed.example("ecom-back")
    let report = try example.run("production") {
      $0.interruption = PlannedInterruption(kind, at: .step("100 %", after: 40))
    }
    #expect(report.ending == .rolledBack, "\(text(report))")
    #expect(report.isRecorded)
  }

  @Test func aMomentIsTheStepThatRunsThen() throws {
    let report = try Rehearsed.example("ecom-back").run("staging") {
      $0.interruption = PlannedInterruption(.cancel, at: .moment(30))
    }
    let struck = report.steps.first { $0.interruption != nil }
    #expect(struck?.name.hasPrefix("100 %") == true)
    #expect(report.ending == .rolledBack, "\(text(report))")
  }

  @Test func aGateThatFailsStopsBeforeAnythingMoves() throws {
    let example = try Rehearsed.example("ecom-back")
    let operations = try example.rehearsal("staging").operations()
    let gate = try #require(operations.first { $0.name == "gate ci" })
    let report = try example.run("staging") { $0.faults = [OperationFault(gate, .fail)] }
    #expect(report.ending == .stopped, "\(text(report))")
    #expect(report.moments.allSatisfy { $0.weight == nil })
  }

  /// Both ways back are broken: that is the one thing that must never look well.
  @Test func whatCannotBeTakenBackIsNotCalledDeclared() throws {
    let example = try Rehearsed.example("ecom-back")
    let operations = try example.rehearsal("production").operations()
    let undos = operations.filter { $0.name == "rollback: undo" || $0.name == "guard: undo" }
    let report = try example.run("production") {
      $0.bad = [.health(from: .share(1))]
      $0.faults = undos.filter { $0.kinds.contains(.http500) }.map { OperationFault($0, .http500) }
    }
    #expect(report.ending == .undeclared, "\(text(report))")
    #expect(report.byHand?.contains("production/rollback.sh") == true)
    #expect(report.told.contains("on-call: rollback-failed"), "\(report.told)")
  }

  /// A program of the repository that prints what it was given is found out.
  @Test func aSecretThatIsPrintedIsSeen() throws {
    let spec = SmallSpec.command
    let folder = try Machine.temporaryFolder()
    defer { Machine.remove(folder) }
    let rehearsal = try spec.rehearsal(repository: folder)
    try Machine.makeFolder(folder + "/ops")
    // The stand-in's own name is the same in every world; the program only adds a line.
    let leaking = "#!/bin/sh\necho \"token: $TOKEN\" >&2\nexec repository-program ops/target.sh \"$@\"\n"
    try Machine.write(folder + "/ops/target.sh", leaking, isExecutable: true)
    var options = ReleaseRehearsal.Options()
    options.keepsPrograms = true
    let report = try rehearsal.run(options, standIns: Rehearsed.standIns)
    #expect(report.ending == .promoted, "\(text(report))")
    #expect(report.leaks.contains { $0.hasPrefix("TOKEN in ") })
  }
}

/// One environment with a driver that no example has.
struct SmallSpec: Sendable, CustomTestStringConvertible {
  var deploy: String
  /// Whether the candidate can be reached before it has traffic.
  var hasAddress = true
  /// The one secret that the driver needs.
  var secret = "KUBECONFIG"

  static let command = SmallSpec(
    deploy: "{ command: { run: ops/target.sh, secrets: [TOKEN] } }", secret: "TOKEN")

  var testDescription: String { deploy }

  private var text: String {
    """
    liftlock: 1
    service: shop
    artifact: { image: ghcr.io/acme/shop }
    secrets:
      \(secret): { in: [prod], purpose: tests, rotate: 90d }
    checks:
      ready: { probe: { requests: [GET /ready] } }
      \(hasAddress ? "" : "proof: { run: ops/proof.sh }")
    environments:
      prod:
        on: { push: { branches: [main] } }
        url: https://shop.example
        deploy: \(deploy)
        rollout:
          canary:
            verify: [\(hasAddress ? "ready" : "proof")]
            check-every: 1m
            steps: [{ to: 25%, hold: 3m }, { to: 100%, hold: 3m }]
        rollback: { when: [ready fails for 1m], verify: [ready] }

    """
  }

  func rehearsal(repository: String = "/nowhere") throws -> ReleaseRehearsal {
    let rehearsed = try Rehearsed(name: "small", text: text)
    let environment = try #require(rehearsed.plan.environment("prod"))
    return try ReleaseRehearsal(plan: rehearsed.plan, environment: environment, repository: repository)
  }
}

/// The drivers and routers that no example uses.
@Suite(.threads) struct SmallReleaseTests {
  static let targets = [
    SmallSpec.command,
    SmallSpec(
      deploy: "{ kubernetes: { namespace: n, deployment: d, container: c, canary: { deployment: e, "
        + "url: https://canary.shop.example, traffic: { ingress-nginx: { canary-ingress: i } } } } }"),
    SmallSpec(
      deploy: "{ kubernetes: { namespace: n, deployment: d, container: c, canary: { deployment: e, "
        + "traffic: { replicas: { total: 4 } } } } }", hasAddress: false),
  ]

  @Test(arguments: targets) func isPromoted(_ spec: SmallSpec) throws {
    let report = try spec.rehearsal().run(standIns: Rehearsed.standIns)
    #expect(
      report.ending == .promoted,
      "\(RehearsalText.timeline(report))\(RehearsalText.summary(report))\(report.output.suffix(3000))")
    #expect(report.problems.isEmpty && report.leaks.isEmpty)
  }

  @Test(arguments: targets) func isTakenBack(_ spec: SmallSpec) throws {
    let rehearsal = try spec.rehearsal()
    var options = ReleaseRehearsal.Options()
    options.bad = [.awful(rehearsal.environment)]
    let report = try rehearsal.run(options, standIns: Rehearsed.standIns)
    #expect(
      report.ending == .rolledBack,
      "\(RehearsalText.timeline(report))\(RehearsalText.summary(report))\(report.output.suffix(3000))")
  }
}
