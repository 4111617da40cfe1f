import Foundation
import ReleaseRules
import Testing

/// `check --fix` and `check --diff`.
@Suite struct FixTests {
  /// Five slips that can only mean one thing, one that could mean two, and a comment for each line.
  private static let slips = [
    (
      "rollout: { rolling: { verify: [ready], watch: 15m } }",
      "rollout: { rolling: { verify: [ready], watch: 15 minutes } } # watched"
    ),
    ("ci: { github-checks: [test] }", "ci: { GitHub_Checks: [test] } # the CI"),
    ("- { to: 100%, hold: 30m }", "- { to: 100, hold: \"1 hour 30 min\" }   # all of it"),
    ("verify: [smoke]", "verify: [Smoke]"),
    ("ci: { prod: required }", "ci: { prod: Required }"),
  ]

  private func spec(_ slips: [(String, String)]) throws -> String {
    var lines = ExampleSpec.base.components(separatedBy: "\n")
    for (line, slip) in slips {
      let index = try #require(lines.firstIndex { $0.drop { $0 == " " } == line }, "\(line)")
      lines[index] = lines[index].prefix { $0 == " " } + slip
    }
    return lines.joined(separator: "\n")
  }

  @Test func whatCanMeanOneThingOnlyIsPutRightAndNothingElseIsTouched() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("release.yaml")
      try spec(Self.slips).write(to: path, atomically: true, encoding: .utf8)
      let before = try liftlock("check", in: folder)
      #expect(before.code == 1)
      let diff = try liftlock("check", "--diff", in: folder)
      #expect(diff.code == 1)
      #expect(
        diff.text.contains("-  ci: { GitHub_Checks: [test] } # the CI\n+  ci: { github-checks: [test] } # the CI\n"))
      #expect(try String(contentsOf: path, encoding: .utf8) == spec(Self.slips), "--diff writes nothing")

      let fixed = try liftlock("check", "--fix", in: folder)
      #expect(fixed.code == 0, "\(fixed)")
      #expect(fixed.complaint == "release.yaml: put right in 6 places\n")
      let right = try spec([
        (Self.slips[0].0, Self.slips[0].0 + " # watched"), (Self.slips[1].0, Self.slips[1].0 + " # the CI"),
        (Self.slips[2].0, "- { to: 100%, hold: 1h30m }   # all of it"),
      ])
      #expect(try String(contentsOf: path, encoding: .utf8) == right)
      #expect(try liftlock("check", "--diff", in: folder).text == "")
      #expect(try liftlock("check", "--fix", in: folder).complaint == "", "a second run has nothing to do")
    }
  }

  @Test func whatCouldMeanTwoThingsIsLeftToAPerson() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("release.yaml")
      let text = try spec([
        ("verify: [smoke]", "verify: [smok]"), ("- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30M }"),
      ])
      try text.write(to: path, atomically: true, encoding: .utf8)
      let outcome = try liftlock("check", "--fix", in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.text.contains("did you mean `smoke`?"))
      #expect(try String(contentsOf: path, encoding: .utf8) == text)
    }
  }

  @Test func aLinkToASpecStaysOne() throws {
    try withTemporaryFolder { folder in
      let files = FileManager.default
      let target = folder.appendingPathComponent("spec.yaml")
      try spec([Self.slips[1]]).write(to: target, atomically: true, encoding: .utf8)
      try files.createSymbolicLink(
        atPath: folder.appendingPathComponent("release.yaml").path, withDestinationPath: "spec.yaml")
      #expect(try liftlock("check", "--fix", in: folder).code == 0)
      #expect(
        try files.destinationOfSymbolicLink(atPath: folder.appendingPathComponent("release.yaml").path) == "spec.yaml")
      #expect(try String(contentsOf: target, encoding: .utf8).contains("ci: { github-checks: [test] } # the CI"))
    }
  }

  @Test func standardInputIsShownAndNotFixed() throws {
    let text = try spec([Self.slips[1]])
    #expect(try liftlock("check", "--fix", "-", input: text).code == 2)
    let diff = try liftlock("check", "--diff", "-", input: text)
    #expect(diff.code == 1 && diff.text.contains("+  ci: { github-checks: [test] } # the CI"))
  }
}
