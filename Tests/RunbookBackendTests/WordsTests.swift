import ReleaseModel
import Testing
import TextLayout

@testable import RunbookBackend

@Suite struct WordsTests {
  @Test(arguments: [
    ("250ms", "250 ms"), ("30s", "30 s"), ("15m", "15 min"), ("1h30m", "1 h 30 min"), ("24h", "24 h"), ("36h", "36 h"),
    ("90d", "90 days"), ("1500ms", "1500 ms"),
  ])
  func timesReadAsTheyAreSpoken(written: String, words: String) throws {
    #expect(Words.time(try #require(TimeSpan(written))) == words)
  }

  @Test func conditionsSayTheirThresholdInWords() throws {
    let forge = try examplePlan("forge")
    let prod = try #require(forge.environment("prod"))
    let sentences = prod.rollbackWhen.map { Markdown([.paragraph(ConditionWords.sentence($0).inlines)]).rendered }
    #expect(
      sentences == [
        "Error rate above 3% over 5 min\n",
        "Error rate above 2× the baseline over 5 min, a baseline under 0.1% counting as that, unknown below 200 events\n",
        "Core transaction success below 98% over 5 min\n", "p95 latency above 1000 ms over 5 min\n",
        "Critical alerts firing above 0 over 1 min, for 5 min without a break\n",
        "Liveness and readiness fails for 30 s without a break\n",
        "A migration harms data integrity or performance.\n", "Nobody could mitigate within 15 minutes.\n",
      ])
    let staging = try #require(forge.environment("staging"))
    let bounds = (staging.checkConditions["performance"] ?? []).map {
      Markdown([.paragraph(ConditionWords.threshold($0).inlines)]).rendered
    }
    #expect(bounds.first == "at most 352 ms (1.1× the target) over 10 min\n")
  }

  @Test func piecesOfTextAreEscapedAsTheOneTextThatTheReaderSees() {
    let name = "_b"
    let prose: Prose = "a\(name)\("_")\(code: "c")"
    #expect(prose.inlines == [.text("a_b_"), .code("c")])
  }

  @Test func listsReadLikeSentences() {
    let one: [Prose] = ["a"]
    let three: [Prose] = ["a", "b", "c"]
    #expect(one.list().inlines == [.text("a")])
    #expect(three.list("or").inlines == [.text("a, b or c")])
    #expect([Prose]().list().isEmpty)
  }
}
