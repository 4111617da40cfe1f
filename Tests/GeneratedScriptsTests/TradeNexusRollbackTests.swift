import Foundation
import Testing

/// `rollback.sh` of trade-nexus, run by a person or by the workflow's steps, on a release that is under way.
@Suite(.threads) struct TradeNexusRollbackTests {
  @Test func byHandWithoutAnythingFromGitHubAllTrafficGoesBack() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes --reason by-hand", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
      #expect(!(try repository.calls.contains { $0.hasPrefix("gh") }))
      #expect(outcome.output.contains("the note was not posted; it is in "))
      let notes = try repository.texts(under: [repository.runnerTemporary()])
      let note = try #require(notes.first { $0.key.hasSuffix("-incident.md") }?.value)
      #expect(note.contains("- reason: by-hand"))
      // What others have tagged stays.
      #expect(try repository.app["tags"]["team"] == "backend")
    }
  }

  @Test func aVersionThatWasDeactivatedIsActivatedBeforeItGetsTraffic() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 100, oldIsActive: false)) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
      let calls = try repository.calls
      let activation = try #require(
        calls.firstIndex { $0.contains("revision activate") && $0.contains(TradeNexus.old) })
      let shift = try #require(calls.firstIndex { $0.contains("traffic set") })
      #expect(activation < shift)
    }
  }

  // MARK: - Looking without touching

  @Test func statusTellsAndChangesNothing() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let before = try repository.state
      let outcome = try repository.script("\(TradeNexus.rollback) --status", TradeNexus.byHand)
      #expect(outcome.code == 0)
      #expect(try repository.state["azure"] == before["azure"])
      for text in [
        "rolling-out (run 1001-1)", "its commit:     abc", "its version:    \(TradeNexus.new)", "weight now:     50 %",
      ] {
        #expect(outcome.output.contains(text))
      }
    }
  }

  @Test func aDryRunShowsTheCommandsAndChangesNothing() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 100, oldIsActive: false)) { repository in
      let before = try repository.state
      let outcome = try repository.script("\(TradeNexus.rollback) --dry-run", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.state["azure"] == before["azure"])
      #expect(try repository.state["github"] == before["github"])
      #expect(outcome.output.contains("back to \(TradeNexus.old)"))
      #expect(outcome.output.contains(" revision activate "))
      #expect(outcome.output.contains(" \(TradeNexus.old)=100 "))
      #expect(!(try repository.calls.contains { $0.contains("traffic set") || $0.contains("tag update") }))
    }
  }

  // MARK: - Which version

  @Test func aNamedVersionWinsOverTheMarker() throws {
    var scenario = TradeNexus.underWay(weight: 50)
    scenario["azure"]["apps"]["trade-nexus-backend"]["revisions"].append([
      "suffix": "v0-9-0", "image": "tradenexusacr.azurecr.io/trade-nexus-backend:0.9.0", "active": false,
      "created": "-20d",
    ])
    scenario["versions"]["older"] = ["match": "v0-9-0|:0\\.9\\.0"]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let older = "trade-nexus-backend--v0-9-0"
      let outcome = try repository.script("\(TradeNexus.rollback) --yes --to \(older)", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      #expect(try repository.split == [older: 100])
    }
  }

  @Test func aMistypedVersionIsNoReasonToForgetTheRightOne() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let typo = try repository.script("\(TradeNexus.rollback) --yes --to \(TradeNexus.old)x", TradeNexus.byHand)
      #expect(typo.code != 0)
      #expect(try repository.split == [TradeNexus.old: 50, TradeNexus.new: 50])
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }

  @Test func aReleaseThatAPersonBeganIsTakenBackByTheSamePerson() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.scenario) { repository in
      let byHand = TradeNexus.byHand.merging(["ARTIFACT": TradeNexus.artifact]) { $1 }
      let deploy = try repository.script("\(TradeNexus.rollout) deploy", byHand)
      #expect(deploy.code == 0, "\(deploy.output)")
      let outcome = try repository.script("\(TradeNexus.rollback) --yes --if-needed", byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }

  /// A name that was there before would find the issues, the notes and the lease of that time.
  @Test func everyReleaseByHandHasANameOfItsOwn() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.scenario) { repository in
      let byHand = TradeNexus.byHand.merging([
        "ARTIFACT": TradeNexus.artifact, "GH_TOKEN": "token-of-ann", "GITHUB_REPOSITORY": "trade-nexus/backend",
      ]) { $1 }
      var names: [String] = []
      for _ in 0..<2 {
        #expect(try repository.script("\(TradeNexus.rollout) deploy", byHand).code == 0)
        let tags = try repository.state["azure"]["apps"]["trade-nexus-backend"]["tags"]
        names.append(tags["liftlock-run"].string ?? "")
        // Another person, on the same machine and under the same name, has no part in it.
        let other = byHand.merging(["LIFTLOCK_RUN": "by-hand-other"]) { $1 }
        let refused = try repository.script("\(TradeNexus.rollback) --yes --if-needed", other)
        #expect(refused.code == 0 && refused.output.contains("nothing to take back"), "\(refused.output)")
        let outcome = try repository.script("\(TradeNexus.rollback) --yes --if-needed", byHand)
        #expect(outcome.code == 0, "\(outcome.output)")
      }
      #expect(Set(names).count == 2 && names.allSatisfy { $0.hasPrefix("by-hand-") }, "\(names)")
      // One incident each, and in the second none of the first's lines.
      let issues = try repository.state["github"]["issues"].elements
      #expect(issues.count == 2)
      for (name, issue) in zip(names, issues) {
        #expect(issue["title"].string?.contains(name) == true)
        #expect(issue["body"].string?.components(separatedBy: " deploying: ").count == 2, "\(issue)")
      }
    }
  }

  @Test func aPromotedReleaseGoesBackToTheVersionThatItReplaced() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 100, state: "promoted")) { repository in
      let workflow = try repository.example.workflow("rollback")
      let runner = WorkflowRunner(repository, workflow, TradeNexus.github.merging(["GITHUB_RUN_ID": "1002"]) { $1 })
      let run = try runner.run(
        event: "workflow_dispatch", secrets: TradeNexus.secrets,
        inputs: [
          "environment": .string("production"), "reason": .string("a P0 path is broken; `rm -rf /` $(id)"),
          "to": .string(""),
        ])
      #expect(run.conclusion == .success, "\(runner.output)")
      try repository.expectTakenBack()
      let body = try repository.state["github"]["issues"][0]["body"].string ?? ""
      #expect(body.contains("- reason: a P0 path is broken; `rm -rf /` $(id)\n"))
      // The release's own commit, not the one from which the rollback was started, loses its good name.
      let status = try repository.state["github"]["commits"]["abc"]["statuses"][0]
      #expect(status["state"] == "failure")
    }
  }

  @Test func whatWasNeverReleasedFromHereGoesBackByTheTargetsHistory() throws {
    var scenario = TradeNexus.underWay(weight: 100)
    scenario["azure"]["apps"]["trade-nexus-backend"]["tags"] = [:]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.byHand)
      #expect(outcome.code == 0, "\(outcome.output)")
      try repository.expectTakenBack()
    }
  }

  @Test func ifNeededLeavesOtherRunsAndFinishedReleasesAlone() throws {
    for (state, run) in [("promoted", "1001-1"), ("rolled-back", "1001-1"), ("rolling-out", "900-1")] {
      try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50, state: state, run: run)) { repository in
        let before = try repository.app
        let outcome = try repository.script("\(TradeNexus.rollback) --yes --if-needed", TradeNexus.environment)
        #expect(outcome.code == 0)
        #expect(try repository.app == before)
      }
    }
  }

  // MARK: - Exit codes

  @Test func usageMistakesEndWithTwoAndTouchNothing() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let before = try repository.app
      for arguments in ["--nonsense", "--to", "--reason", "", "--if-needed extra"] {
        let outcome = try repository.script("\(TradeNexus.rollback) \(arguments)", TradeNexus.byHand)
        #expect(outcome.code == 2, "\(arguments): \(outcome.output)")
      }
      #expect(try repository.app == before)
      #expect(try repository.script("\(TradeNexus.rollback) --help").code == 0)
    }
  }

  @Test func aMissingToolEndsWithThree() throws {
    try ReleaseRepository.tradeNexus(TradeNexus.underWay(weight: 50)) { repository in
      let before = try repository.app
      // Everything that the machine has, except jq.
      let script = """
        mkdir -p bin
        for folder in ${PATH//:/ }; do
          for tool in "${folder}"/*; do [[ ${tool##*/} == jq || -e bin/${tool##*/} ]] || ln -s "${tool}" bin/; done
        done
        PATH=${PWD}/bin exec ops/trade-nexus-backend/\(TradeNexus.rollback) --yes
        """
      let outcome = try repository.run(["bash", "-c", script], TradeNexus.byHand)
      #expect(outcome.code == 3)
      #expect(outcome.output.contains("not installed: jq"))
      #expect(try repository.app == before)
    }
  }

  @Test func anUnhealthyOldVersionGetsTheTrafficAllTheSameAndEndsWithFour() throws {
    var scenario = TradeNexus.underWay(weight: 50)
    scenario["versions"]["old"]["paths"] = ["/v1/markets": 503]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.environment)
      #expect(outcome.code == 4, "\(outcome.output)")
      try repository.expectTakenBack()
      let body = try repository.state["github"]["issues"][0]["body"].string ?? ""
      #expect(body.contains("does not pass its checks"))
    }
  }

  @Test func trafficThatCannotBeMovedEndsWithOneAndNamesTheRunbook() throws {
    var scenario = TradeNexus.underWay(weight: 50)
    scenario["faults"] = [["command": "az", "match": "traffic set", "kind": "fail"]]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let outcome = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.environment)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("THE TRAFFIC COULD NOT BE MOVED"))
      let runbook = "docs/runbooks/trade-nexus-backend.md"
      #expect(outcome.output.contains(runbook))
      #expect(FileManager.default.fileExists(atPath: repository.checkout.appendingPathComponent(runbook).path))
      // Still unfinished, so that the next one tries again and no release begins on top of it.
      #expect(try repository.azureMarker["state"] == "rolling-back")
      let body = try repository.state["github"]["issues"][0]["body"].string ?? ""
      #expect(body.contains("NOT DONE"))
    }
  }

  // MARK: - Broken off

  @Test(arguments: [
    "tag update .*state=rolling-back", "revision activate", "traffic set", "tag update .*state=rolled-back",
    "tag update .*incident=",
  ])
  func aRollbackThatWasKilledCanBeRunAgain(afterThis call: String) throws {
    var scenario = TradeNexus.underWay(weight: 100, oldIsActive: false)
    scenario["faults"] = [["command": "az", "match": .string(call), "kind": "kill", "when": "after", "times": 1]]
    try ReleaseRepository.tradeNexus(scenario) { repository in
      let killed = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.environment)
      #expect(killed.code == 137)
      let again = try repository.script("\(TradeNexus.rollback) --yes", TradeNexus.environment)
      #expect(again.code == 0, "\(again.output)")
      try repository.expectTakenBack()
      #expect(try repository.azureMarker["candidate"] == TradeNexus.new)
      #expect(try repository.app["revisions"][0]["active"] == true)
      #expect(try repository.state["github"]["issues"].elements.count == 1)
    }
  }
}
