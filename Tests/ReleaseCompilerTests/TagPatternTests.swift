import Foundation
import ReleaseModel
import Testing

/// The scripts ask bash what GitHub's filters mean. Source of the meanings: GitHub's docs, "Workflow syntax", filter
/// pattern cheat sheet.
@Suite struct TagPatternTests {
  private static let cases: [(filter: String, matching: [String], others: [String])] = [
    ("v1.0.0", ["v1.0.0"], ["v1x0.0", "v1.0.0-rc.1", "xv1.0.0", ""]),
    ("v*", ["v", "v1", "v1.0.0-rc.1"], ["1", "v1/2", "xv1"]),
    ("**", ["v1", "a/b/c", ""], []),
    ("releases/**", ["releases/1", "releases/1/2"], ["release/1", "x/releases/1"]),
    ("*/v1", ["a/v1"], ["v1", "a/b/v1", "a/v12"]),
    (
      "v[0-9]+.[0-9]+.[0-9]+-rc.[0-9]+", ["v1.2.3-rc.4", "v10.20.30-rc.40"],
      ["v1.2.3", "v1.2.3-rc.", "v1.2.3-rcx4", "v.2.3-rc.4"]
    ),
    ("v[12].*", ["v1.0", "v2."], ["v3.0", "v1", "v12.0"]),
    ("v1?", ["v1", "v"], ["v12", "v11"]),
    ("[CB]at", ["Cat", "Bat"], ["cat", "CBat", "at"]),
    ("v1.(0)", ["v1.(0)"], ["v1.0", "v1x(0)"]),
    ("a|b", ["a|b"], ["a", "b"]),
    ("v{1,2}", ["v{1,2}"], ["v", "vv"]),
    ("v$1^", ["v$1^"], ["v1"]),
    ("a\\*b", ["a*b"], ["ab", "axb", "a/b"]),
    ("a\\+", ["a+"], ["a", "aa"]),
    ("v[.]1", ["v.1"], ["vx1", "v\\1"]),
    ("ü*", ["ü1"], ["u1"]),
  ]

  @Test func patternMatchesInBashWhatGitHubSaysItMatches() throws {
    try withTemporaryFolder { folder in
      for (filter, matching, others) in Self.cases {
        let pattern = TagPattern(filter: filter).regularExpression
        for (tag, expected) in matching.map({ ($0, Int32(0)) }) + others.map({ ($0, Int32(1)) }) {
          let outcome = try run("bash", ["-c", "[[ $1 =~ $2 ]]", "bash", tag, pattern], in: folder)
          #expect(outcome.code == expected, "`\(filter)` as \(pattern) against `\(tag)`")
        }
      }
    }
  }

  @Test func patternMeansTheSameToOtherEngines() throws {
    for (filter, matching, others) in Self.cases {
      let expression = try NSRegularExpression(pattern: TagPattern(filter: filter).regularExpression)
      for (tag, expected) in matching.map({ ($0, 1) }) + others.map({ ($0, 0) }) {
        let count = expression.numberOfMatches(in: tag, range: NSRange(tag.startIndex..., in: tag))
        #expect(count == expected, "`\(filter)` against `\(tag)`")
      }
    }
  }
}
