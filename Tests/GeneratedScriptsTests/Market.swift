import Foundation
import Testing

/// A release with everything that waits for people or for time: three approvals, a soak, a comment, a release issue with
/// lead times, a window once a month that is announced, and a freeze.
enum Market {
  static let spec = """
    liftlock: 1
    service: market
    artifact: { image: ghcr.io/acme/market }
    roles:
      release-manager: { title: Release manager, reviewers: [rita] }
      tech-lead: { title: Tech lead, reviewers: [tom, acme/leads], members: [lea] }
      operations: { title: Operations lead, reviewers: [acme/operations] }
    escalation: [{ after: 30m, to: VP Engineering }]
    checks:
      smoke: { probe: { requests: [GET /health] } }
      load: { title: Load test, run: ops/load.sh }
      ready: { title: Declared ready, comment: { says: /ready-for-prod, by: tech-lead } }
      issue: { title: Release issue, release-issue: { open-for: 48h } }
      rehearsed: { title: Rehearsed, workflow-run: { workflow: drill.yml, within: 30d } }
    environments:
      staging:
        on: { tag: "v*" }
        url: https://staging.market.example
        deploy: { command: { run: ops/target.sh } }
        rollout: { rolling: { verify: [smoke], watch: 5m } }
        verify: [smoke, load]
        rollback: { when: [smoke fails for 1m], verify: [smoke] }
      prod:
        after: staging
        on: { manual: { tag: "v*" } }
        url: https://market.example
        window:
          { monthly: { week: first, day: tue }, from: "02:00", to: "06:00", zone: Europe/Berlin, notice: 7d }
        before: [ready, issue, rehearsed]
        deploy: { command: { run: ops/target.sh } }
        rollout: { rolling: { verify: [smoke], watch: 5m } }
        verify: [smoke]
        rollback: { when: [smoke fails for 1m], verify: [smoke] }
    promotion:
      smoke: { prod: required }
      load: { prod: required }
      soak: { prod: { required: 24h } }
      approvals: { prod: { approvals: [release-manager, tech-lead, operations], within: 24h } }
    checklists:
      minutes: { for: [prod], before: 30m, items: ["Is the *war room* open?"] }
      two-days:
        title: Two days before
        for: [prod]
        before: 48h
        by: release-manager
        labels: [release]
        items: [Notify @support., { check: load }]
    freezes:
      turn: { from: "12-31", to: "01-02", zone: UTC, reason: Turn of the year, in: [prod] }
    """

  static let example = Result { try Example(name: "market", text: spec) }

  /// Monday, 1 June 2026; the next window opens on Tuesday at 02:00 in Berlin, which is midnight in UTC.
  static var scenario: JSON {
    [
      "start": "2026-06-01T12:00:00Z",
      "github": [
        "repository": "acme/market", "viewer": "github-actions[bot]",
        "commits": [
          "abc": [
            "statuses": [["context": "market/staging", "created_at": "-25h"]], "pulls": [12],
          ],
          "bbb": ["statuses": []],
        ],
        "pulls": ["12": ["head_sha": "abc"]],
        "deployments": [["environment": "staging", "sha": "abc", "created_at": "-25h"]],
        "teams": ["acme/leads": ["lea"], "acme/operations": ["otto"]],
        "runs": ["1001": ["workflow": "market-prod.yml", "head_sha": "abc", "created_at": "-2h"]],
        "workflows": ["drill.yml"], "default_branch": "main",
      ],
    ]
  }

  static let environment: [String: String?] = [
    "GITHUB_RUN_ID": "1001", "GITHUB_RUN_ATTEMPT": "1", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "v2.0.0",
    "GITHUB_REPOSITORY": "acme/market", "GITHUB_REF_TYPE": "tag", "GITHUB_ACTOR": "ann", "GH_TOKEN": "token",
  ]
}

extension ReleaseRepository {
  /// Runs scripts of the market example in its world.
  static func market(_ change: (inout JSON) -> Void, _ body: (ReleaseRepository) throws -> Void) throws {
    var scenario = Market.scenario
    change(&scenario)
    try with(Market.example.get(), scenario) { try body($0) }
  }

  func market(_ line: String) throws -> Outcome { try script(line, Market.environment) }
}
