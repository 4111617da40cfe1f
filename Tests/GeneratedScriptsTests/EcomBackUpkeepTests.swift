import Foundation
import Testing

/// The weekly drill of ecom-back's webhooks, what it comes to, and the readiness that looks at it.
@Suite(.threads) struct EcomBackUpkeepTests {
  private static let drill = "drill-release-gate.sh"

  private func environment(_ place: EcomBack.Place) -> [String: String?] {
    var values = EcomBack.environment(place)
    values["GITHUB_RUN_ID"] = "2001"
    values["ARTIFACT"] = .some(nil)
    return values
  }

  private func file(_ repository: ReleaseRepository, _ path: String) -> URL {
    repository.runnerTemporary().appendingPathComponent("liftlock/ecom-back/drill-release-gate/\(path)")
  }

  private func scenario() -> JSON {
    var scenario = EcomBack.scenario
    scenario["github"]["runs"]["2001"] = ["head_sha": "abc", "workflow": "ecom-back-drill-release-gate.yml"]
    return scenario
  }

  @Test func theDrillCallsTheHooksOfBothEnvironmentsAndChangesNothing() throws {
    try ReleaseRepository.ecomBack(scenario()) { repository in
      for place in EcomBack.Place.allCases {
        let marker = try repository.ecomMarker(place)
        let outcome = try repository.script("\(Self.drill) run \(place)", environment(place))
        #expect(outcome.code == 0, "\(outcome.output)")
        let calls = try repository.calls.filter { $0.hasPrefix("http POST https://\(place.hook)/") }
        #expect(calls.count == 2 && calls[0].contains("/rollback") && calls[1].contains("/verify"))
        #expect(try repository.ecomMarker(place) == marker)
        #expect(try repository.ecomLive(place).map(\.version) == ["old"])
        let report = try JSON(parsing: Program.text(of: file(repository, "report/drill-\(place).json")))
        #expect(report["status"] == "drill_passed" && report["exercise"] == "call-hooks", "\(report)")
        #expect(report["rollbackState"] == "succeeded" && report["rollbackCallbackState"] == "succeeded")
      }
      let folder = file(repository, "report").path
      let evaluation = try repository.script(
        "\(Self.drill) evaluate \(folder)", environment(.staging).merging(["DELTA_APPLIED": "yes: 20 % to 25 %"]) { $1 }
      )
      #expect(evaluation.code == 0, "\(evaluation.output)")
      let delta = try JSON(parsing: Program.text(of: file(repository, "report/release-gate-delta-report.json")))
      #expect(delta["healthy"] == true)
      #expect(
        delta["environments"].members.mapValues { $0["status"] } == [
          "staging": "drill_passed", "production": "drill_passed",
        ])
      let log = try Program.text(of: file(repository, "log-report/release-gate-log.md")).split(separator: "\n")
      #expect(log.count == 3)
      #expect(log[0] == "| Date (UTC) | staging status | production status | Delta applied | Owner | Notes |")
      #expect(log[2].hasPrefix("| 2026-06-02 | drill_passed | drill_passed | yes: 20 % to 25 % | "), "\(log[2])")
    }
  }

  @Test func aHookThatDoesNotAnswerAndAReportThatIsMissingNeedAttention() throws {
    var scenario = scenario()
    scenario["http"][EcomBack.route(.drill, of: .staging)]["status"] = 500
    try ReleaseRepository.ecomBack(scenario) { repository in
      let outcome = try repository.script("\(Self.drill) run staging", environment(.staging))
      #expect(outcome.code == 1)
      let evaluation = try repository.script(
        "\(Self.drill) evaluate \(file(repository, "report").path)", environment(.staging))
      #expect(evaluation.code == 1, "\(evaluation.output)")
      let delta = try JSON(parsing: Program.text(of: file(repository, "report/release-gate-delta-report.json")))
      #expect(delta["environments"]["staging"]["status"] == "attention_required")
      #expect(delta["environments"]["production"]["status"] == "missing")
      let log = try Program.text(of: file(repository, "log-report/release-gate-log.md"))
      #expect(log.contains("| 2026-06-02 | attention_required | missing | no | "), "\(log)")
      let issue = try repository.state["github"]["issues"][0]
      #expect(issue["labels"].elements.map { $0["name"].string } == ["drill"])
    }
  }

  // MARK: - Readiness

  private static let healthy: [(artifact: String, file: String, text: JSON)] = [
    ("receiver-validation-report", "receiver-validation.json", ["status": "healthy"]),
    ("ops-receiver-drill-report", "ops-receiver-drill.json", ["status": "healthy"]),
    ("load-budget-calibration-report", "load-budget-calibration.json", ["status": "healthy"]),
    (
      "ecom-back-release-gate-delta-report", "release-gate-delta-report.json",
      ["environments": ["staging": ["status": "drill_passed"], "production": ["status": "drill_passed"]]]
    ),
  ]

  private func artifacts(_ change: (inout [JSON]) -> Void = { _ in }) -> JSON {
    var scenario = EcomBack.scenario
    scenario["github"]["runs"]["1500"] = [
      "workflow": "evidence.yml", "status": "completed", "conclusion": "success", "created_at": "-3d",
    ]
    var all = Self.healthy.map { entry -> JSON in
      ["name": .string(entry.artifact), "run": 1500, "created_at": "-3d", "files": .object([entry.file: entry.text])]
    }
    change(&all)
    scenario["github"]["artifacts"] = .array(all)
    return scenario
  }

  @Test func withAllFourReportsHealthyTheServiceIsReady() throws {
    try ReleaseRepository.ecomBack(artifacts()) { repository in
      let outcome = try repository.script("readiness.sh release", environment(.production))
      #expect(outcome.code == 0, "\(outcome.output)")
    }
  }

  @Test(arguments: 0..<4, [false, true])
  func aReportThatIsMissingOrUnhealthyMeansNotReady(index: Int, isMissing: Bool) throws {
    let entry = Self.healthy[index]
    let scenario = artifacts { all in
      if isMissing {
        all.remove(at: index)
      } else {
        all[index]["files"][entry.file] = [
          "status": "degraded",
          "environments": ["staging": ["status": "drill_passed"], "production": ["status": "attention_required"]],
        ]
      }
    }
    try ReleaseRepository.ecomBack(scenario) { repository in
      let outcome = try repository.script("readiness.sh release", environment(.production))
      #expect(outcome.code == 1, "\(outcome.output)")
      #expect(outcome.output.contains(isMissing ? "there is no artifact \(entry.artifact)" : ": unhealthy ("))
    }
  }

  @Test func aDrillOfThreeWeeksAgoIsTooOld() throws {
    try ReleaseRepository.ecomBack(artifacts { $0[3]["created_at"] = "-21d" }) { repository in
      let outcome = try repository.script("readiness.sh release", environment(.production))
      #expect(outcome.code == 1, "\(outcome.output)")
      #expect(outcome.output.contains("Release gate drill delta report: too_old"))
    }
  }
}
