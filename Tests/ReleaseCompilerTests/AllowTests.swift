import Diagnostics
import ReleaseCompiler
import ReleaseRules
import Testing

@Suite struct AllowTests {
  private static let line = "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 90d }"
  private static let tooRare = "PROMETHEUS_URL: { in: [prod], purpose: metric queries, rotate: 400d }"
  private static let unplanned = "PROMETHEUS_URL: { in: [prod], purpose: metric queries }"

  private func check(_ edits: (String, String)...) throws -> ReleaseCompiler.Checked {
    var text = ExampleSpec.base
    for (old, new) in edits {
      try #require(text.components(separatedBy: old).count == 2, "\(old)")
      text = text.replacingOccurrences(of: old, with: new)
    }
    return ReleaseCompiler.check(SourceFile(path: "release.yaml", text: text))
  }

  private func codes(_ checked: ReleaseCompiler.Checked) -> [String] { checked.diagnostics.map(\.code) }

  @Test func withoutACommentItIsFound() throws {
    #expect(codes(try check((Self.line, Self.tooRare))) == ["secret-rotation"])
    #expect(codes(try check((Self.line, Self.unplanned))) == ["secret-rotation"])
  }

  @Test(arguments: [tooRare, unplanned]) func onItsLineOrAloneAboveItAllows(_ spec: String) throws {
    for text in [
      "\(spec) # liftlock: allow secret-rotation fixed by the contract",
      "# liftlock: allow secret-rotation fixed by the contract\n  \(spec)",
      "# liftlock: allow secret-rotation: fixed by the contract\n  # and nothing else\n  \(spec)",
      "#liftlock:   allow   secret-rotation — fixed by the contract\n  \(spec)",
      "# Liftlock: allow secret-rotation fixed by the contract\n  \(spec)",
      "# liftlock allow secret-rotation fixed by the contract\n  \(spec)",
    ] {
      let checked = try check((Self.line, text))
      #expect(checked.diagnostics.isEmpty, "\(text): \(checked.diagnostics)")
      #expect(checked.allowed.map(\.code) == ["secret-rotation"])
      #expect(checked.allowed.map(\.allowance) == ["fixed by the contract"])
      let plan = try #require(checked.plan)
      // What is generated is the same: the comment is for the compiler only.
      if let usual = try check((Self.line, spec)).plan {
        #expect(ReleaseCompiler.generate(plan) == ReleaseCompiler.generate(usual))
      }
    }
  }

  @Test func aSentenceIsNone() throws {
    for sentence in ["# Liftlock allows this only here", "# Liftlock: see the wiki", "# liftlocks: allow us to rise"] {
      #expect(codes(try check((Self.line, "\(sentence)\n  \(Self.line)"))) == [], "\(sentence)")
    }
  }

  @Test func elsewhereItAllowsNothing() throws {
    let below = try check((Self.line, "\(Self.tooRare)\n  # liftlock: allow secret-rotation by contract"))
    #expect(codes(below) == ["secret-rotation", "unused-allow"])
    #expect(below.diagnostics[1].help.first?.contains("is found on line 8") == true, "\(below.diagnostics[1].help)")
    let apart = try check((Self.line, "# liftlock: allow secret-rotation by contract\n\n  \(Self.tooRare)"))
    #expect(codes(apart) == ["unused-allow", "secret-rotation"])
    // At the end of another line it speaks of that line only.
    let before = try check(
      ("secrets:", "secrets: # liftlock: allow secret-rotation by contract"), (Self.line, Self.tooRare))
    #expect(codes(before) == ["unused-allow", "secret-rotation"])
  }

  @Test func oneThatAllowsNothingIsAWarningWithAFix() throws {
    let text = ExampleSpec.base.replacingOccurrences(
      of: Self.line,
      with: "# liftlock: allow secret-rotation by contract\n  \(Self.line) # liftlock: allow change-window x")
    let file = SourceFile(path: "release.yaml", text: text)
    let checked = ReleaseCompiler.check(file)
    #expect(codes(checked) == ["unused-allow", "unused-allow"])
    #expect(checked.diagnostics.allSatisfy { $0.severity == .warning } && checked.plan != nil)
    var bytes = file.text
    for edit in checked.diagnostics.flatMap(\.fixes).flatMap(\.edits).reversed() {
      bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(edit.replacement.utf8))
    }
    #expect(String(decoding: bytes, as: UTF8.self) == ExampleSpec.base)
    #expect(checked.diagnostics.flatMap(\.fixes).allSatisfy { $0.isSafe })
  }

  @Test(arguments: [
    ("allow secret-rotatoin by contract", "secret-rotatoin", "did you mean `secret-rotation`?"),
    ("allow secret-rotation", "# liftlock: allow secret-rotation", "no reason behind the name"),
    ("allow secret-rotation -- ", "# liftlock: allow secret-rotation --", "no reason behind the name"),
    ("allow", "# liftlock: allow", "no name behind `allow`"),
    ("alow secret-rotation by contract", "alow", "the word is `allow`"),
    ("ignore secret-rotation by contract", "ignore", "the word is `allow`"),
    ("allow policy-secrets by contract", "policy-secrets", "a finding of the policy"),
    ("allow invalid-duration by contract", "invalid-duration", "not a finding of a rule"),
    ("allow unused-allow by contract", "unused-allow", "not a finding of a rule"),
  ]) func whatIsWrongWithACommentIsSaid(comment: String, place: String, label: String) throws {
    let text = ExampleSpec.base.replacingOccurrences(of: Self.line, with: "\(Self.tooRare) # liftlock: \(comment)")
    let file = SourceFile(path: "release.yaml", text: text)
    let checked = ReleaseCompiler.check(file)
    #expect(codes(checked) == ["secret-rotation", "invalid-allow"])
    let problem = try #require(checked.diagnostics.last)
    #expect(file.text(in: problem.span) == place)
    #expect(problem.label == label)
    #expect(problem.severity == .error && !problem.notes.isEmpty && !problem.help.isEmpty)
  }

  @Test func commentsForPeopleAreLeftAlone() throws {
    for text in [
      "liftlock: see the manual", "yaml-language-server: $schema=x", "allow secret-rotation x", "liftlock 1",
    ] {
      #expect(codes(try check((Self.line, "\(Self.line) # \(text)"))).isEmpty, "\(text)")
    }
  }

  @Test func aTextIsNoComment() throws {
    let text = "PROMETHEUS_URL: { in: [prod], purpose: \"a # liftlock: allow secret-rotation b\", rotate: 400d }"
    #expect(codes(try check((Self.line, text))) == ["secret-rotation"])
  }

  @Test func anErrorThatGenerationCannotLiveWithStays() throws {
    let checked = try check(
      ("- { to: 10%, hold: 15m,", "- { to: 100%, hold: 15m,"),
      (
        "- { to: 100%, hold: 30m }", "- { to: 100%, hold: 30m } # liftlock: allow rising-weights because"
      ))
    #expect(codes(checked).sorted() == ["invalid-allow", "rising-weights"])
    #expect(checked.plan == nil)
    let problem = try #require(checked.diagnostics.first { $0.code == "invalid-allow" })
    #expect(problem.related.count == 1 && problem.message.contains("cannot be allowed"))
  }

  @Test func nobodyIsSentToWhereItWouldNotBeAllowedEither() throws {
    let checked = try check(
      ("- { to: 10%, hold: 15m,", "- { to: 100%, hold: 15m,"),
      (Self.line, "\(Self.line) # liftlock: allow rising-weights because"))
    let unused = try #require(checked.diagnostics.first { $0.code == "unused-allow" })
    #expect(unused.help == ["delete the comment"] && unused.fixes.count == 1)
  }

  @Test func nothingIsCalledUnusedWhileTheFileCannotBeRead() throws {
    let checked = try check(
      ("hold: 30m", "hold: 30"), (Self.line, "\(Self.line) # liftlock: allow secret-rotation by contract"))
    #expect(codes(checked) == ["invalid-duration"])
  }

  @Test func theErrorsThatCanBeAllowedAreFew() {
    let names = RuleCatalogue.explanations.filter { $0.judgement != nil }.map(\.name)
    #expect(names.count <= 6, "\(names)")
    #expect(Set(names).isSuperset(of: ["change-window", "job-time-limit", "secret-rotation"]))
    for explanation in RuleCatalogue.explanations where explanation.judgement != nil {
      #expect(explanation.judgement?.hasSuffix(".") == true && explanation.severity == .error)
    }
  }

  @Test func aWindowThatTheTeamKnowsBetterIsAllowed() throws {
    let window = "window: { days: [mon], from: \"02:00\", to: \"03:00\", zone: UTC }"
    let url = "url: https://shop.example"
    #expect(codes(try check((url, "\(url)\n    \(window)"))) == ["change-window"])
    let checked = try check(
      (url, "\(url)\n    # liftlock: allow change-window the checks take seconds\n    \(window)"))
    #expect(checked.diagnostics.isEmpty && checked.plan != nil && checked.allowed.count == 1)
  }

  @Test(arguments: AllowCodes.all) func theExamplesOfThePagesAreRight(_ explanation: Explanation) {
    let failing = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: explanation.failing.source))
    #expect(failing.diagnostics.map(\.span) == explanation.failing.marks, "\(failing.diagnostics)")
    #expect(failing.diagnostics.allSatisfy { $0.code == explanation.name && $0.severity == explanation.severity })
    let passing = ReleaseCompiler.check(SourceFile(path: "release.yaml", text: explanation.passing.source))
    #expect(passing.diagnostics.isEmpty, "\(passing.diagnostics)")
  }
}
