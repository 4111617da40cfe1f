import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

@Suite struct SetupScriptTests {
  @Test func aFreshRepositoryGetsEverythingAndTheSecondRunChangesNothing() throws {
    var gitHub = Shop.people
    gitHub["rulesets"] = [Shop.ruleset]
    try SetupWorld.with(gitHub) { world in
      let first = try world.run()
      #expect(first.code == 1, "secrets are missing, which only a person can mend")
      #expect(first.output.contains("prod-rollback: is now as the spec says\n"))
      #expect(try world.reviewers("prod-approval-product") == ["User"])
      #expect(try world.reviewers("prod") == ["Team", "User"])
      #expect(try world.reviewers("prod-rollback") == [])
      #expect(try world.environment("prod")["prevent_self_review"] as? Bool == true)
      for name in ["prod-approval-product", "prod", "prod-rollback"] {
        #expect(try world.refs(name) == ["branch main", "tag v[0-9]*"])
      }
      #expect(first.lines.contains("prod: the secret TARGET_TOKEN is missing: gh secret set TARGET_TOKEN --env prod"))
      #expect(first.output.contains("TARGET_TOKEN --env prod-rollback\n"))
      #expect(first.output.contains("(prod: the optional secret CHAT_WEBHOOK is not there"))
      #expect(first.output.contains("(prod: administrators can pass its reviewers by"))

      let changes = try world.changes.count
      #expect(changes == 3 + 6)
      let second = try world.run()
      #expect(try world.changes.count == changes)
      #expect(!second.output.contains("is now as the spec says"))
    }
  }

  @Test func theExamplesFindTheirWayToo() throws {
    let teams = ["api-owners", "product", "operations"].map { ("forge/\($0)", ["ann"]) }
    let gitHub: [String: Any] = [
      "repository": "forge/api", "default_branch": "trunk", "teams": Dictionary(uniqueKeysWithValues: teams),
    ]
    try SetupWorld.with(gitHub, spec: SetupWorld.example("forge")) { world in
      let first = try world.run()
      #expect(first.code == 1)
      #expect(try world.reviewers("prod") == ["Team", "Team"])
      #expect(try world.reviewers("dev") == [])
      #expect(try world.refs("dev") == ["branch main"])
      #expect(try world.refs("dev-rollback") == ["branch main", "branch trunk"])
      #expect(try world.refs("prod-approval-service-owner") == ["tag v[0-9]*.[0-9]*.[0-9]*-rc.[0-9]*"])
      #expect(first.output.contains("forbids moving and deleting them (such as v0.0.0-rc.0)\n"))
      let changes = try world.changes
      _ = try world.run()
      #expect(try world.changes == changes)
    }
  }

  @Test func whatIsAsDeclaredIsSaidToBe() throws {
    try SetupWorld.with(Shop.declared) { world in
      for outcome in [try world.run("--dry-run"), try world.run()] {
        #expect(outcome.code == 0)
        #expect(outcome.output == "octo-org/shop: everything is as the spec says\n")
      }
      #expect(try world.changes.isEmpty)
    }
  }

  @Test func driftIsNamedByADryRunAndMendedByTheOther() throws {
    let drift: [String: [String: Any]] = [
      "prod-approval-product": ["reviewers": ["ben"], "prevent_self_review": false, "policies": "protected"],
      "prod": [
        "reviewers": ["eve"], "prevent_self_review": true, "policies": ["branch main", "tag v[0-9]*", "branch *"],
      ],
      "prod-rollback": ["reviewers": ["ann"], "wait_timer": 30],
    ]
    let gitHub = drift.reduce(into: Shop.declared) { $0 = Shop.drifted($1.key, $1.value, in: $0) }
    let lines = [
      "prod-approval-product: people may approve their own release, the spec says that they may not",
      "prod-approval-product: deployment branches and tags are [protected branches], "
        + "the spec says [branch main, tag v[0-9]*]",
      "prod: reviewers are [eve], the spec says [ann, octo-org/owners]",
      "prod: deployment branches and tags are [branch main, tag v[0-9]*, branch *], "
        + "the spec says [branch main, tag v[0-9]*]",
      "prod-rollback: reviewers are [ann], the spec says none: a rollback waits for nobody",
      "prod-rollback: the wait timer is 30 min, the spec says none: a rollback waits for nobody",
    ]
    try SetupWorld.with(gitHub) { world in
      let dry = try world.run("--dry-run")
      #expect(dry.code == 1)
      #expect(dry.lines == lines + ["octo-org/shop: 6 to change, 0 to do by hand or to look into; nothing was changed"])
      #expect(try world.changes.isEmpty)

      let applied = try world.run()
      #expect(applied.code == 0)
      #expect(applied.lines.filter { !$0.hasSuffix("is now as the spec says") }.dropLast() == lines[...])
      for name in drift.keys { #expect(try world.refs(name) == ["branch main", "tag v[0-9]*"]) }
      #expect(try world.environment("prod-approval-product")["prevent_self_review"] as? Bool == true)
      #expect(try world.reviewers("prod") == ["Team", "User"])
      #expect(try world.reviewers("prod-rollback") == [])
      #expect(try world.environment("prod-rollback")["wait_timer"] as? Int == 0)
      #expect(try world.run("--dry-run").output == "octo-org/shop: everything is as the spec says\n")
    }
  }

  @Test func anEnvironmentThatLetsAnyRefThroughIsNarrowed() throws {
    try SetupWorld.with(Shop.drifted("prod-rollback", ["policies": NSNull()])) { world in
      let outcome = try world.run()
      #expect(outcome.code == 0)
      #expect(
        outcome.lines.first
          == "prod-rollback: deployment branches and tags are [any], the spec says [branch main, tag v[0-9]*]")
      #expect(try world.refs("prod-rollback") == ["branch main", "tag v[0-9]*"])
    }
  }

  @Test func whatTheSpecDoesNotSpeakOfSurvivesAChangeAndIsMentioned() throws {
    let drift: [String: Any] = ["reviewers": ["eve"], "wait_timer": 15]
    try SetupWorld.with(Shop.drifted("prod", drift)) { world in
      let outcome = try world.run()
      #expect(outcome.code == 0)
      #expect(outcome.lines.contains("(prod: the wait timer of 15 min is left alone, the spec does not speak of it)"))
      let prod = try world.environment("prod")
      #expect(prod["wait_timer"] as? Int == 15)
      #expect(prod["can_admins_bypass"] as? Bool == false)
      #expect(prod["secrets"] as? [String] == ["TARGET_TOKEN", "CHAT_WEBHOOK"])
    }
  }

  @Test func reviewersOfAnEnvironmentWithoutApprovalsStay() throws {
    let spec = try Shop.spec("\npromotion:\n  approvals: { prod: [product, owner] }", "")
    let drift: [String: Any] = ["policies": "protected", "prevent_self_review": true]
    try SetupWorld.with(Shop.drifted("prod", drift), spec: spec) { world in
      let outcome = try world.run()
      #expect(outcome.code == 0)
      #expect(
        outcome.output.contains(
          "(prod: the reviewers [octo-org/owners, ann] are left alone, the spec does not speak of them)\n"))
      #expect(try world.reviewers("prod") == ["Team", "User"])
      #expect(try world.environment("prod")["prevent_self_review"] as? Bool == true)
      #expect(try world.refs("prod") == ["branch main", "tag v[0-9]*"])
    }
  }

  @Test func anUnknownReviewerIsNamedAndTheOthersAreSet() throws {
    let spec = try Shop.spec("reviewers: [ann, octo-org/owners]", "reviewers: [ghost, ann, octo-org/nobody, octo-org]")
    var gitHub = Shop.declared
    gitHub["environments"] = [String: Any]()
    try SetupWorld.with(gitHub, spec: spec) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      for name in ["ghost", "octo-org/nobody", "octo-org"] {
        #expect(outcome.output.contains("ERROR: prod: GitHub does not know the reviewer \(name), or"))
      }
      #expect(try world.reviewers("prod") == ["User"])
      #expect(try world.reviewers("prod-approval-product") == ["User"])
    }
  }

  @Test func whereNoReviewerIsKnownThoseWhoAreThereStay() throws {
    let spec = try Shop.spec("reviewers: [ann, octo-org/owners]", "reviewers: [ghost]")
    try SetupWorld.with(Shop.drifted("prod", ["policies": ["branch main"]]), spec: spec) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(try world.reviewers("prod") == ["Team", "User"])
      #expect(try world.refs("prod") == ["branch main", "tag v[0-9]*"])
    }
  }

  /// No such name ever reaches a script: the compiler knows what GitHub's names are made of.
  @Test(arguments: ["../repos/octo-org/shop", "--help", "$(touch hacked)?x=1#", "@ann", "ann@shop.example"])
  func aReviewerWhoseNameIsAPathOrAnOptionIsRefused(_ name: String) throws {
    let spec = try Shop.spec("reviewers: [ann, octo-org/owners]", "reviewers: [\"\(name)\", ann]")
    let checked = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: spec))
    #expect(checked.diagnostics.map(\.code) == ["invalid-text"])
  }

  @Test func moreThanSixReviewersAreTooMany() throws {
    let names = (1...8).map { "user\($0)" }
    var gitHub = Shop.declared
    gitHub["users"] = ["ann", "ben"] + names
    let spec = try Shop.spec("reviewers: [ann, octo-org/owners]", "reviewers: [\(names.joined(separator: ", "))]")
    try SetupWorld.with(gitHub, spec: spec) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(
        outcome.output.contains("names 8 reviewers, and GitHub takes 6: use a team; these are left out: user7 user8"))
      #expect(try world.reviewers("prod").count == 6)
    }
  }

  @Test func missingSecretsAreNamedWithTheCommandAndOptionalOnesDoNotCount() throws {
    try SetupWorld.with(Shop.drifted("prod", ["secrets": ["TARGET_TOKEN"]])) { world in
      let outcome = try world.run("--dry-run")
      #expect(outcome.code == 0)
      #expect(
        outcome.lines.first
          == "(prod: the optional secret CHAT_WEBHOOK is not there: gh secret set CHAT_WEBHOOK --env prod)")
    }
    try SetupWorld.with(Shop.drifted("prod-rollback", ["secrets": ["TARGET_TOKEN_OLD"]])) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(
        outcome.lines.first
          == "prod-rollback: the secret TARGET_TOKEN is missing: gh secret set TARGET_TOKEN --env prod-rollback")
      #expect(try world.changes.isEmpty)
    }
  }

  @Test(arguments: [
    ("enforcement", #""evaluate""#), ("rules", #"[{"type": "deletion"}]"#),
    ("conditions", #"{"ref_name": {"include": ["refs/tags/v0"], "exclude": []}}"#),
    ("conditions", #"{"ref_name": {"include": ["~ALL"], "exclude": ["refs/tags/v9*"]}}"#),
  ]) func tagsThatAnybodyCouldMoveAreReported(key: String, value: String) throws {
    var gitHub = Shop.declared
    var ruleset = Shop.ruleset
    ruleset[key] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    gitHub["rulesets"] = [ruleset]
    try SetupWorld.with(gitHub) { world in
      let outcome = try world.run()
      #expect(outcome.code == 1)
      #expect(outcome.lines.first?.hasPrefix("tags v[0-9]+ start a release, and no active tag ruleset forbids") == true)
      #expect(try world.changes.isEmpty)
    }
  }

  @Test func aManualReleaseComesFromProtectedBranches() throws {
    let spec = try Shop.spec("on: { push: { branches: [main] }, tag: \"v[0-9]+\" }", "on: { manual: true }")
    try SetupWorld.with(Shop.drifted("prod", ["policies": "protected"]), spec: spec) { world in
      let outcome = try world.run()
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("(main is not protected, and some of these environments"))
      let policy = try world.environment("prod-rollback")["deployment_branch_policy"] as? [String: Bool]
      #expect(policy == ["protected_branches": true, "custom_branch_policies": false])
    }
  }
}
