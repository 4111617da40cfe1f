import ReleaseModel
import Testing

@Suite struct FilterPatternTests {
  /// Filters of workflows and what lets the same names through in an environment, where `+` stands for itself.
  @Test(arguments: [
    ("main", ["main"]), ("release/*", ["release/*"]), ("v[0-9]+.[0-9]+", ["v[0-9]*.[0-9]*"]), ("v1.x+", ["v1.x*"]),
    ("v1?.0", ["v*.0"]), ("**", ["**/*"]), ("release/**", ["release/**/*"]), ("v**", ["v*", "v*/**/*"]),
    ("**/hotfix", ["**/*/hotfix"]), ("a\\*b", ["a\\*b"]), ("a\\**", ["a\\**"]), ("!v0*", []), ("v[0-9", ["v\\[0-9"]),
    ("x**x**x**x**x", ["**/*"]),
  ]) func anEnvironmentLetsThroughWhatTheWorkflowDoes(filter: String, patterns: [String]) {
    #expect(FilterPattern(TagPattern(filter: filter)).environmentPatterns == patterns)
  }

  @Test(arguments: ["v[0-9]+.[0-9]+.[0-9]+-rc.[0-9]+", "v*", "release/**", "v1?", "main", "a\\+b+"])
  func theExamplesOfAFilterAreNamesThatItLetsThrough(filter: String) throws {
    let pattern = TagPattern(filter: filter)
    let expression = try Regex(pattern.regularExpression)
    let examples = FilterPattern(pattern).examples
    #expect(!examples.isEmpty)
    for name in examples { #expect(name.wholeMatch(of: expression) != nil, "\(name)") }
  }
}
