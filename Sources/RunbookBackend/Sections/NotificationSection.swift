import ReleaseModel
import TextLayout

/// Who hears of what, and where.
enum NotificationSection {
  static func blocks(_ plan: ReleasePlan) -> [Markdown.Block] {
    let channels = plan.spec.notifications.readable
    if channels.isEmpty { return [] }
    let rows = channels.map { name, channel -> [Prose] in
      let places = channel.environments.map(\.value)
      return [
        "\(code: name.value)", place(channel.kind), places.isEmpty ? "all" : Words.codes(places),
        NotificationChannel.Event.allCases.filter(channel.useful.contains).map { "\(code: $0.rawValue)" }.list(),
        closing(channel),
      ]
    }
    return [
      .heading(.notifications), .table(["Channel", "Where", "Environments", "Told of", "Closed by"], rows),
      .prose(
        "A release never fails for want of a message. What did not get through stands in the log as an error, and in the "
          + "journal of the record. By hand: \(code: "ops/\(plan.service)/<environment>/rollout.sh notify <event>")."),
    ]
  }

  private static func place(_ kind: NotificationChannel.Kind) -> Prose {
    switch kind {
    case .slack(let secret): "the chat behind \(code: secret.value)"
    case .pagerDuty(let secret): "PagerDuty, with \(code: secret.value)"
    case .statusPage(_, let page, let token): "the status page \(code: page), with \(code: token.value)"
    case .webhook(let address, _): "the address in \(code: address.value)"
    case .pullRequest: "the pull request of the commit, or the commit"
    case .command(let command, _): "\(code: command.value.joined(separator: " "))"
    }
  }

  /// What ends an alert or an incident that the channel has opened.
  private static func closing(_ channel: NotificationChannel) -> Prose {
    switch channel.kind {
    case .pagerDuty: "the next release there that succeeds"
    case .statusPage: "the end of the release, or its rollback"
    case .slack, .webhook, .pullRequest, .command: "–"
    }
  }
}
