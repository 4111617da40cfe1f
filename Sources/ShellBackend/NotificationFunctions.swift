import Diagnostics
import ReleaseModel
import TextLayout

/// The function `tell EVENT TEXT…` of a script: who hears of what, and how.
///
/// A script that calls it adds `functions`, `variables` and `constants`, and needs `STATE`, `RUN`, `SERVICE`, `PLACE` and the
/// limits of `CommonParts`. A `maintenance` event takes the window from `SCHEDULED_FOR` and `SCHEDULED_UNTIL` (RFC 3339).
struct NotificationFunctions {
  let channels: [NamedChannel]
  let secrets: NamedMap<Secret>
  let links: [Guidance.Link]
  /// For a script of several environments: those that a channel tells of, by its name. `PLACE` says which it is about.
  let places: [String: [String]]
  /// What the script has to tell.
  let events: [NotificationChannel.Event]

  /// For one environment of a plan.
  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) { self.init(plan.spec, environment.channels) }

  /// For a script of the whole service that looks after one environment after the other.
  init(_ plan: ReleasePlan, environments: [EnvironmentPlan], events: NotificationChannel.Event...) {
    var places: [String: [String]] = [:]
    for environment in environments {
      for channel in environment.channels { places[channel.name, default: []].append(environment.name) }
    }
    places = places.filter { $0.value.count < environments.count }
    self.init(plan.spec, Self.channels(of: environments), places, events: events)
  }

  /// The channels of these environments, each once.
  static func channels(of environments: [EnvironmentPlan]) -> [NamedChannel] {
    environments.flatMap(\.channels).reduce(into: []) { result, channel in
      if !result.contains(where: { $0.name == channel.name }) { result.append(channel) }
    }
  }

  /// For a script of the whole service: `channels` are those that it may tell.
  init(
    _ spec: ReleaseSpec, _ channels: [NamedChannel], _ places: [String: [String]] = [:],
    events: [NotificationChannel.Event] = NotificationChannel.Event.allCases
  ) {
    self.channels = channels.filter { events.contains(where: $0.channel.hears) }
    self.events = events
    self.places = places
    secrets = spec.secrets
    links = spec.guidance.links
  }

  func isTold(of event: NotificationChannel.Event) -> Bool {
    events.contains(event) && channels.contains { $0.channel.hears(of: event) }
  }

  /// Whether a status page shows the event.
  func isStatusPageTold(of event: NotificationChannel.Event) -> Bool {
    events.contains(event) && channels.contains { $0.channel.isStatusPage && $0.channel.hears(of: event) }
  }

  /// A call where somebody wants to hear of the event, and nothing where nobody does; `text` is one word.
  func tell(_ event: NotificationChannel.Event, _ text: Bash) -> Bash {
    isTold(of: event) ? "tell \(event.rawValue) \(text)" : .empty
  }

  /// What a function that calls `tell` for these events needs.
  func needs(_ events: NotificationChannel.Event...) -> [String] { events.contains(where: isTold) ? ["tell"] : [] }

  var variables: [ShellVariable] { ["MESSAGE"] }

  var constants: [ShellConstant] {
    let objects = links.map { "{\"title\":\(jsonString($0.title)),\"address\":\(jsonString($0.address))}" }
    return [ShellConstant("LINKS", "[\(objects.joined(separator: ","))]")]
  }

  var functions: [ShellFunction] {
    guard !channels.isEmpty else { return [] }
    return [
      ShellFunction(
        "tell", "EVENT TEXT…: tells everybody who wants to hear of it. It never fails, and never takes long.",
        needs: ["tell_channels", "complain"],
        body: #"""
          tell_channels "$@" || complain "not everybody may know: $1"
          """#),
      ShellFunction(
        "tell_channels", "EVENT TEXT…: the event to each channel that listens to it.",
        needs: ["message", "deliver", "note", "has_told"] + Set(channels.map(sender)).sorted(),
        body: """
          local event=$1
          shift
          message "${event}" "$*" || return 1
          if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
            jq -r '"- \\(.status): \\(.title)\\(if .reason == "" then "" else " (\\(.reason))" end)"' <<<"${MESSAGE}" >>"${GITHUB_STEP_SUMMARY}"
          fi
          note tell "${event}: $(jq -r '.title' <<<"${MESSAGE}")"
          case ${event} in
            \(Bash.lines(NotificationChannel.Event.allCases.filter(isTold).map(arm)))
            *) ;;
          esac
          """),
    ]
  }

  private func arm(_ event: NotificationChannel.Event) -> Bash {
    let deliveries = channels.filter { $0.channel.hears(of: event) }.map { inItsPlaces($0, delivery($0, of: event)) }
    return """
      \(event.rawValue))
        \(Bash.lines(deliveries))
        ;;
      """
  }

  private func inItsPlaces(_ named: NamedChannel, _ delivery: Bash) -> Bash {
    guard let places = places[named.name] else { return delivery }
    let isMeant = Bash.join(places.map { "${PLACE} == \($0)" }, separator: " || ")
    return """
      if [[ \(isMeant) ]]; then
        \(delivery)
      fi
      """
  }

  private func delivery(_ named: NamedChannel, of event: NotificationChannel.Event) -> Bash {
    let channel = named.channel
    let needed = channel.kind.indispensable.map(\.value)
    let without = needed.compactMap { secrets[$0]?.without }.joined(separator: "; ")
    let call: Bash =
      "deliver \(named.name) \(needed.joined(separator: " ")) \(without) \(command(channel.kind))"
    guard event == .failed else { return call }
    // Who has heard what became of this release need not hear that it failed; and a page stays open while it is not over.
    let outcomes: [NotificationChannel.Event] = [.resting, .rolledBack, .rollbackFailed]
    let heard = outcomes.filter(channel.hears)
    let known = channel.isStatusPage ? outcomes : heard
    return known.isEmpty ? call : "has_told \(words: known.map(\.rawValue)) || \(call)"
  }

  private func sender(_ named: NamedChannel) -> String {
    switch named.channel.kind {
    case .slack: "send_text"
    case .pagerDuty: "send_page"
    case .statusPage: "send_status"
    case .webhook: "send_event"
    case .pullRequest: "send_comment"
    case .command: "send_program"
    }
  }

  private func command(_ kind: NotificationChannel.Kind) -> Bash {
    switch kind {
    case .slack(let secret): return "send_text \(secret.value)"
    case .pagerDuty(let secret): return "send_page \(secret.value)"
    case .statusPage(let address, let page, let token): return "send_status \(address) \(page) \(token.value)"
    case .webhook(let address, let token):
      return "send_event \(words: [address.value] + (token.map { [$0.value] } ?? []))"
    case .pullRequest: return "send_comment"
    case .command(let command, _):
      var words = command.value
      if let path = words.first { words[0] = "./" + path }
      return "send_program \(words: words)"
    }
  }
}

extension NotificationChannel {
  fileprivate var isStatusPage: Bool { if case .statusPage = kind { true } else { false } }
}
