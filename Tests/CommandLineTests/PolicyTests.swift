import Foundation
import Testing

/// `--policy`, `--today`, and comments that allow.
@Suite struct PolicyTests {
  private static let day = "2026-11-21"

  private static let policy = """
    liftlock-policy: 1
    name: acme
    owner: Platform team
    requirements:
      two-people: { in: prod*, because: One was not enough., approvals: { at-least: 2 } }
      watched: { in: every, hold: 10m }
    waivers:
      - service: trade-nexus-backend
        in: production
        requirement: two-people
        owner: Ada
        reason: Bo starts in January.
        expires: "2026-12-31"

    """

  /// Works in a folder with this policy and the spec of trade-nexus, which has one approval.
  private func withPolicy<Result>(_ text: String = policy, _ body: (URL) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: folder.appendingPathComponent("policy.yaml"))
      let spec = try String(contentsOfFile: examplePath("trade-nexus"), encoding: .utf8)
      try Data(spec.utf8).write(to: folder.appendingPathComponent("release.yaml"))
      return try body(folder)
    }
  }

  @Test func theExamplesMeetTheExamplePolicy() throws {
    let outcome = try run(
      liftlockPath,
      ["check"] + exampleNames.map(examplePath) + ["--policy", "Examples/policy.yaml", "--today", Self.day],
      in: repository)
    #expect(outcome.code == 0 && outcome.text == "" && outcome.complaint == "", "\(outcome)")
  }

  @Test func aWaiverHoldsUntilItsDay() throws {
    try withPolicy { folder in
      let open = try liftlock("check", "--policy", "policy.yaml", "--today", "2026-12-31", in: folder)
      #expect(open.code == 0 && open.text == "", "\(open)")
      let late = try liftlock(
        "check", "--policy", "policy.yaml", "--today", "2027-01-10", "--format", "oneline", in: folder)
      #expect(late.code == 1)
      #expect(
        late.text.contains("error[policy-waiver-expired]: a waiver has expired: 2 approvals are asked")
          && late.text.split(separator: "\n").count == 1, "\(late)")
      let words = try liftlock("check", "--policy", "policy.yaml", "--today", "2027-01-10", in: folder)
      #expect(words.text.contains("= note: the waiver ended on 2026-12-31, 10 days ago (policy.yaml:8)"), "\(words)")
      #expect(words.text.contains("= note: `two-people` of the policy `acme` asks it (policy.yaml:5)"))
      #expect(words.text.hasSuffix("\n1 error\n"))
    }
  }

  @Test func theDefaultDayIsToday() throws {
    try withPolicy(Self.policy.replacingOccurrences(of: "2026-12-31", with: "2001-01-01")) { folder in
      let outcome = try liftlock("check", "--policy", "policy.yaml", in: folder)
      #expect(outcome.code == 1 && outcome.text.contains("error[policy-waiver-expired]"), "\(outcome)")
    }
    try withPolicy(Self.policy.replacingOccurrences(of: "2026-12-31", with: "9999-12-31")) { folder in
      let outcome = try liftlock("check", "--policy", "policy.yaml", in: folder)
      #expect(outcome.code == 0, "\(outcome)")
    }
  }

  @Test func nothingIsGeneratedBelowTheMinimum() throws {
    try withPolicy { folder in
      let arguments = ["generate", "--policy", "policy.yaml", "--today"]
      let before = try contents(of: folder)
      let refused = try run(liftlockPath, arguments + ["2027-02-01"], in: folder)
      #expect(refused.code == 1 && refused.text.contains("policy-waiver-expired"), "\(refused)")
      #expect(try contents(of: folder) == before)
      #expect(try run(liftlockPath, arguments + [Self.day], in: folder).code == 0)
      #expect(try contents(of: folder).count > before.count)
    }
  }

  @Test func whatIsWrongWithThePolicyIsToldInItsFile() throws {
    try withPolicy(Self.policy.replacingOccurrences(of: "approvals: {", with: "aprovals: {")) { folder in
      let outcome = try liftlock("check", "--policy", "policy.yaml", "--format", "oneline", in: folder)
      #expect(outcome.code == 1)
      #expect(
        outcome.text == "policy.yaml:5:58: error[unknown-key]: requirement has no key `aprovals`\n", "\(outcome)")
    }
    try withPolicy(Self.policy.replacingOccurrences(of: "requirement: two-people", with: "requirement: watched")) {
      folder in
      let outcome = try liftlock(
        "check", "--policy", "policy.yaml", "--today", Self.day, "--format", "oneline", in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.text.contains("policy.yaml:10:18: warning[policy-waiver-unused]"), "\(outcome)")
      #expect(outcome.text.contains("error[policy-approvals]"), "\(outcome)")
    }
  }

  @Test func machinesGetBothFiles() throws {
    try withPolicy(Self.policy.replacingOccurrences(of: "requirement: two-people", with: "requirement: watched")) {
      folder in
      for format in ["json", "sarif", "github"] {
        let outcome = try liftlock(
          "check", "--policy", "policy.yaml", "--today", Self.day, "--format", format, in: folder)
        #expect(outcome.code == 1)
        #expect(outcome.text.contains("policy.yaml") && outcome.text.contains("release.yaml"), "\(outcome)")
        #expect(outcome.text.contains("policy-approvals") && outcome.text.contains("policy-waiver-unused"))
      }
    }
  }

  @Test func whatIsAskedWronglyIsAUsageError() throws {
    try withPolicy { folder in
      for (arguments, words) in [
        (["--policy", "policy.yaml", "--policy", "policy.yaml"], "use only one --policy"),
        (["--policy", "nowhere.yaml"], "cannot read nowhere.yaml"),
        (["--policy", "policy.yaml", "--today", "12-31"], "`12-31` is not a day"),
        (["--policy", "policy.yaml", "--today", "2026-02-30"], "`2026-02-30` is not a day"),
      ] {
        let outcome = try run(liftlockPath, ["check"] + arguments, in: folder)
        #expect(outcome.code == 2 && outcome.complaint.contains(words), "\(outcome)")
      }
    }
  }

  @Test func theSchemaOfPoliciesIsPrinted() throws {
    let schema = try String(
      contentsOf: repository.appendingPathComponent("Schemas/policy.schema.json"), encoding: .utf8)
    #expect(try liftlock("schema", "policy").text == schema)
    let release = try liftlock("schema", "release").text
    #expect(try liftlock("schema").text == release)
  }

  @Test func itsFindingsAreExplained() throws {
    for name in ["policy-promotion", "policy-waiver-expired", "unused-allow", "invalid-allow"] {
      let outcome = try liftlock("explain", name)
      #expect(outcome.code == 0 && outcome.text.hasPrefix(name + "\n"), "\(outcome)")
    }
    #expect(try liftlock("explain", "policy-promotion").text.contains("    # policy.yaml\n"))
    #expect(try liftlock("explain", "change-window").text.contains("`# liftlock: allow change-window REASON`"))
    #expect(try liftlock("explain", "policy-aprovals").complaint.contains("did you mean `policy-approvals`?"))
  }
}

@Suite struct AllowTests {
  private func spec() throws -> String {
    try String(contentsOfFile: examplePath("forge"), encoding: .utf8).replacingOccurrences(
      of: "SMOKE_TOKEN: { in: [dev, staging, prod], purpose: the authenticated smoke transaction, rotate: 90d }",
      with: "SMOKE_TOKEN: { in: [dev, staging, prod], purpose: the authenticated smoke transaction, rotate: 400d }"
        + " # liftlock: allow secret-rotation the vendor replaces it")
  }

  @Test func whatIsAllowedIsNotToldToPeople() throws {
    for format in ["text", "oneline", "github"] {
      let outcome = try liftlock("check", "-", "--format", format, input: try spec())
      #expect(outcome.code == 0 && outcome.text == "", "\(outcome)")
    }
  }

  @Test func machinesSeeItSuppressed() throws {
    let json = try liftlock("check", "-", "--format", "json", input: spec())
    #expect(json.code == 0)
    let log = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    let entries = try #require(log["diagnostics"] as? [[String: Any]])
    #expect(entries.map { $0["code"] as? String } == ["secret-rotation"])
    #expect(entries.first?["suppressed"] as? [String: String] == ["reason": "the vendor replaces it"])
    let sarif = try liftlock("check", "-", "--format", "sarif", input: spec())
    #expect(sarif.code == 0)
    let root = try #require(try JSONSerialization.jsonObject(with: sarif.output) as? [String: Any])
    let results = try #require((root["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]])
    #expect(
      results.map { $0["suppressions"] as? [[String: String]] }
        == [[["kind": "inSource", "justification": "the vendor replaces it"]]])
  }

  @Test func whatIsGeneratedIsTheSameButForWhatWasMeant() throws {
    let allowed = try liftlock("generate", "-", "--stdout", "--root", "Generated/forge", input: spec())
    #expect(allowed.code == 0)
    let commented = try spec().replacingOccurrences(of: "# liftlock: allow", with: "# liftlock: formerly allowed")
    #expect(try liftlock("generate", "-", "--stdout", input: commented).code == 1)
    #expect(!allowed.text.contains("the vendor replaces it"))
  }
}
