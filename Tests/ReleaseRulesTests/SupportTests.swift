import Diagnostics
import Testing

@testable import ReleaseRules

@Suite struct RefFilterTests {
  @Test(arguments: [
    (["v*"], ["v*"], true), (["v*"], ["w*"], false), (["v1.*"], ["v*.2"], true), (["v[0-9]+"], ["v[a-z]+"], false),
    (["v[0-9]+.[0-9]+"], ["v[0-9]+.[0-9]+-rc.[0-9]+"], false), (["releases/*"], ["releases/**"], true),
    (["*"], ["a/b"], false), (["**"], ["a/b"], true), (["colou?r"], ["color"], true), (["colou?r"], ["colouur"], false),
    (["a+"], ["aaa"], true), (["v*", "!v*-*"], ["v*-*"], false), (["v*", "!v*-*", "v*-rc"], ["v1-rc"], true),
    (["!v*"], ["v1"], false), (["v\\*"], ["v*"], true), (["v\\*"], ["v1"], false), ([], ["v*"], false),
    (["v[0"], ["v[0"], true), (["**"], ["**"], true), ([""], [""], false), (["v[9-0]"], ["v*"], false),
  ])
  func patternsOverlapExactlyWhenSomeRefMatchesBoth(_ first: [String], _ second: [String], _ overlaps: Bool) {
    let one = RefFilter(first)
    let other = RefFilter(second)
    for overlap in [RefFilter.overlap(one, other), RefFilter.overlap(other, one)] {
      switch overlap {
      case .ref(let ref):
        #expect(overlaps, "\(ref)")
        #expect(one.decider(of: ref) != nil)
        #expect(other.decider(of: ref) != nil)
        #expect(!ref.isEmpty)
      case .none: #expect(!overlaps)
      case .undecided: Issue.record("these are easy")
      }
    }
  }

  @Test func patternsThatAreTooLongCountAsOverlapping() {
    let long = RefFilter([String(repeating: "a?", count: 200)])
    #expect(RefFilter.overlap(long, long) == .undecided)
  }

  @Test func theLastPatternThatMatchesDecides() {
    let filter = RefFilter(["v*", "!v*-*", "v*-rc"])
    #expect(filter.decider(of: "v1") == 0)
    #expect(filter.decider(of: "v1-beta") == nil)
    #expect(filter.decider(of: "v1-rc") == 2)
    #expect(filter.decider(of: "w1") == nil)
  }
}

@Suite struct MatchingTests {
  @Test(arguments: [
    ([[0], [0, 1]], 2), ([[0, 1], [0]], 2), ([[0], [0]], 1), ([[0, 1], [0, 1], [0, 1]], 2), ([[], [0]], 1),
    ([[0, 1], [0, 2], [0]], 3), ([[1, 2], [0, 1], [0], [2, 3]], 4),
  ])
  func asManyItemsAsPossibleGetAPartnerOfTheirOwn(_ choices: [[Int]], _ most: Int) throws {
    let matching = Matching(choices: choices, partnerCount: 4)
    let partners = matching.partners.compactMap { $0 }
    #expect(partners.count == most)
    #expect(Set(partners).count == most)
    for (item, partner) in matching.partners.enumerated() {
      if let partner { #expect(choices[item].contains(partner)) }
    }
  }

  @Test func whoGetsNobodyCompetesWithMoreItemsThanThereArePartners() {
    let matching = Matching(choices: [[3], [0, 1], [1, 0], [0, 1]], partnerCount: 4)
    let competition = matching.competition(over: 3)
    #expect(matching.partners[3] == nil)
    #expect(competition.items.sorted() == [1, 2, 3])
    #expect(competition.partners == [0, 1])
  }
}

@Suite struct SecretShapeTests {
  // Put together here, so that no scanner takes this file for a leak.
  private static let digits = String(repeating: "A1b2C3d4E5", count: 4)

  @Test(arguments: [
    "ghp" + "_" + digits, "github" + "_pat_" + digits, "AKI" + "A" + "ABCDEFGH01234567", "xox" + "b-1234567890-abc",
    "-----BEGIN " + "RSA PRIVATE KEY-----", "eyJ" + digits + ".eyJ" + digits + "." + digits,
    "postgres://api:" + "s3cret@db.example/api", "https://:" + "token@example.com",
    "https://hooks.slack" + ".com/services/T0123ABCD/B0123ABCD/" + digits,
    "https://discord" + ".com/api/webhooks/1234567890/" + digits,
    "https://acme.webhook" + ".office.com/webhookb2/" + digits + "@" + digits + "/IncomingWebhook/" + digits,
  ])
  func aCredentialIsFoundWhereverItStands(_ credential: String) {
    for text in [credential, "see \(credential) there", "key=\(credential)"] {
      let findings = SecretShape.findings(in: Array(text.utf8))
      #expect(findings.count == 1, "\(text)")
      let before = text.utf8.count - text.drop { $0 != credential.first }.utf8.count
      if text == credential { #expect(findings.first?.range.lowerBound == before) }
    }
  }

  @Test(arguments: [
    "ghp_short", "xghp_" + digits, "AKIA is a prefix", "eyJhbGciOiJIUzI1NiJ9 alone", "https://example.com/a:b@c",
    "https://user@example.com",
    "https://hooks.slack.com/services/T…/B…/…", "https://hooks.slack.com/", "https://api.slack.com/services/" + digits,
    "https://user:$PASSWORD@example.com", "mail to: a@b.example", "10:30 @ the desk",
    "sum(rate(http_requests_total{code=~\"5..\"}[5m]))", "",
  ])
  func ordinaryTextIsLeftAlone(_ text: String) {
    #expect(SecretShape.findings(in: Array(text.utf8)).isEmpty)
  }

  @Test func thePlaceIsThatOfTheCredentialAloneAndNoMessageRepeatsIt() throws {
    let token = "ghp" + "_" + Self.digits
    let verdict = Verdict(try edited(ExampleSpec.base, ("purpose: metric queries", "purpose: \"with \(token).\"")))
    #expect(verdict.marked == ["secret-literal: \(token)"])
    let said = verdict.diagnostics.flatMap { [$0.message, $0.label ?? ""] + $0.notes + $0.help }
    #expect(!said.contains { $0.contains(token) })
  }
}
