import Diagnostics

/// Where somebody hears of a release.
public struct NotificationChannel: Sendable {
  public enum Kind: Sendable {
    /// An incoming webhook that takes `{"text": …}` (Slack, Teams); its address is a secret.
    case slack(webhook: Located<String>)
    /// PagerDuty's Events API v2; the routing key is a secret. A failure opens an incident, the end of it resolves it.
    case pagerDuty(routingKey: Located<String>)
    /// An incident of a status page with Statuspage's API; the token is a secret.
    case statusPage(address: String, page: String, token: Located<String>)
    /// Any address that takes the event as JSON; address and bearer token are secrets.
    case webhook(address: Located<String>, token: Located<String>?)
    /// A comment on the pull request that the commit came with, or on the commit where there is none.
    case pullRequest
    /// A program of the repository, called with the event's name; the message is its standard input.
    case command(Located<[String]>, secrets: [Located<String>])

    public var secrets: [Located<String>] {
      switch self {
      case .slack(let secret), .pagerDuty(let secret), .statusPage(_, _, let secret): [secret]
      case .webhook(let address, let token): [address] + (token.map { [$0] } ?? [])
      case .pullRequest: []
      case .command(_, let secrets): secrets
      }
    }

    /// What nothing can be sent without. A bearer token may be left out.
    public var indispensable: [Located<String>] {
      if case .webhook(let address, _) = self { return [address] }
      return secrets
    }
  }

  /// What there is to tell.
  public enum Event: String, Sendable, CaseIterable {
    /// Everything is in place and the release is about to touch the target.
    case started
    case succeeded
    /// It ended without success, and nothing had been touched or all is back.
    case failed
    /// It stays at an earlier weight until a person decides.
    case resting
    case rolledBack = "rolled-back"
    /// The traffic could not be moved, or the version before does not pass its checks.
    case rollbackFailed = "rollback-failed"
    /// A drill ended with something to attend to.
    case drillFailed = "drill-failed"
    /// A change window with a notice period opens when that period is over.
    case maintenance
    /// A secret is older than it may become.
    case secretDue = "secret-due"
    /// A run waited for an approval for longer than the spec lets it.
    case approvalExpired = "approval-expired"
  }

  public let kind: Kind
  public let events: [Located<Event>]
  /// The environments whose releases it tells of; empty: all of them.
  public let environments: [Located<String>]
  public let span: Span

  public init(kind: Kind, events: [Located<Event>], environments: [Located<String>], span: Span) {
    self.kind = kind
    self.events = events
    self.environments = environments
    self.span = span
  }

  /// Whether it does anything at this event: what opened an alert or an incident also hears of what closes it.
  public func hears(of event: Event) -> Bool {
    let closing: [Event]
    switch kind {
    case .slack, .webhook, .pullRequest, .command: closing = []
    case .pagerDuty: closing = [.succeeded]
    case .statusPage: closing = [.succeeded, .failed, .rolledBack]
    }
    return useful.contains(event) || (closing.contains(event) && !useful.isEmpty)
  }

  /// Those of its events that this kind of channel has words for. Nobody is woken up because all is well, customers are
  /// not told of drills and secrets, and what no release causes has no pull request.
  public var useful: [Event] {
    let events = self.events.map(\.value)
    return switch kind {
    case .slack, .webhook, .command: events
    case .pullRequest: events.filter { ![.drillFailed, .maintenance, .secretDue, .approvalExpired].contains($0) }
    case .pagerDuty: events.filter { ![.started, .succeeded, .maintenance].contains($0) }
    case .statusPage: events.filter { ![.drillFailed, .secretDue, .approvalExpired].contains($0) }
    }
  }
}
