import Diagnostics
import ReleaseModel
import SpecShape

enum NotifyShape {
  static let event = Shape<NotificationChannel.Event>.choice(
    NotificationChannel.Event.allCases.map { ($0.rawValue, $0) })

  private static let statusPage = Shape<NotificationChannel.Kind>.object(
    "status-page", "An incident of a status page with Statuspage's API.",
    .required("page", .resourceName, "The identifier of the page.", example: "kctbh9vrtdwd"),
    .required("token", .secretReference, "The secret that holds the API key.", example: "STATUS_PAGE_TOKEN"),
    .defaulted(
      "api", .httpsAddress, to: "https://api.statuspage.io/v1", shown: "https://api.statuspage.io/v1",
      "Where the API is.")
  ) { _, page, token, address in .statusPage(address: address, page: page, token: token) }

  private static let webhook = Shape<NotificationChannel.Kind>.object(
    "webhook", "Any address that takes the event as JSON.",
    .required("url", .secretReference, "The secret that holds the address.", example: "EVENTS_URL"),
    .optional("token", .secretReference, "The secret that is sent as a bearer token.", example: "EVENTS_TOKEN")
  ) { _, address, token in .webhook(address: address, token: token) }

  private static let command = Shape<NotificationChannel.Kind>.object(
    "command", "A program of the repository; the message is its standard input and the event's name its last argument.",
    .required("run", Shape<[String]>.program.located, "The program.", example: "ops/mail.sh --to team@acme.example"),
    .defaulted(
      "secrets", Shape<Located<String>>.secretReference.list(), to: [], shown: "[]", "Secrets that it needs.",
      example: "[SMTP_URL]")
  ) { _, command, secrets in .command(command, secrets: secrets) }

  static let shape = Shape<NotificationChannel?>.object(
    "notification", "Where somebody hears of a release. A release never fails for want of a notification.",
    exactlyOneOf: [["slack", "pagerduty", "status-page", "webhook", "pull-request", "command"]],
    .optional(
      "slack", .secretReference,
      "The secret that holds an incoming webhook which takes `{\"text\": …}` (Slack, Teams).",
      example: "SLACK_WEBHOOK"),
    .optional(
      "pagerduty", .secretReference,
      "The secret that holds a routing key of PagerDuty's Events API v2. What goes wrong triggers an incident, and a later "
        + "success or rollback of the same release resolves it.", example: "PAGERDUTY_ROUTING_KEY"),
    .optional("status-page", statusPage, "An incident of a status page."),
    .optional("webhook", webhook, "Any address that takes JSON."),
    .optional(
      "pull-request", .choice([("comment", true)]),
      "A comment on the pull request that the commit came with, or on the commit.", example: "comment"),
    .optional("command", command, "A program of the repository, such as one that sends mail."),
    .required(
      "on", event.located.list(atLeast: 1), "What it is told.", example: "[started, succeeded, failed, rolled-back]"),
    .defaulted(
      "in", Shape<String>.reference.located.oneOrMany(), to: [], shown: nil,
      "The environments whose releases it is told of; left out: all of them.", example: "[prod]")
  ) { span, slack, pagerDuty, statusPage, webhook, pullRequest, command, events, environments in
    var kind = statusPage ?? webhook ?? command
    if let slack { kind = .slack(webhook: slack) }
    if let pagerDuty { kind = .pagerDuty(routingKey: pagerDuty) }
    if pullRequest != nil { kind = .pullRequest }
    // Which one it is was written, but not readably.
    return kind.map { NotificationChannel(kind: $0, events: events, environments: environments, span: span) }
  }
  .map { channel, _, _ in channel }
}
