import Diagnostics
import ReleaseModel

extension PolicyJudge {
  // MARK: - Secrets

  func rotation(standard: TimeSpan, high: TimeSpan, in environment: EnvironmentPlan) -> [Shortfall] {
    if isUnclear(topLevel: "secrets") { return [] }
    return spec.secrets.readable.compactMap { name, secret in
      guard secret.environments.contains(where: { $0.value == environment.name }), !isUnclear(secret.span) else {
        return nil
      }
      let asked = secret.risk == .high ? high : standard
      if let rotation = secret.rotation, rotation.value <= asked { return nil }
      return Shortfall(
        code: PolicyCodes.secrets, span: secret.rotation?.span ?? name.span,
        message: { _ in
          secret.rotation.map { "`\(name.value)` is replaced every \($0.value), and every \(asked) is asked" }
            ?? "nothing says how often `\(name.value)` is replaced, and every \(asked) is asked"
        }, label: secret.rotation == nil ? "it has no `rotate`" : "less often than every \(asked)",
        help: "write `rotate: \(asked)` or less")
    }
  }

  // MARK: - The calendar

  func window(_ demand: Policy.WindowDemand, in environment: EnvironmentPlan) -> [Shortfall] {
    if isUnclear(environment) { return [] }
    guard let window = environment.spec.window else {
      return [
        Shortfall(
          code: PolicyCodes.calendar, span: name(of: environment),
          message: { "a release into \($0) can start at any time, and a change window is asked" },
          label: environment.isHotfix ? "outside all windows" : "it has no `window`",
          help: environment.isHotfix
            ? "leave `outside-windows` out" : "add `window:` with days, `from`, `to` and `zone`", subject: "window")
      ]
    }
    var shortfalls: [Shortfall] = []
    let others = window.days.filter { !demand.days.contains($0) }
    if !demand.days.isEmpty, !others.isEmpty {
      shortfalls.append(
        Shortfall(
          code: PolicyCodes.calendar, span: window.span,
          message: {
            "the window of \($0) is open on days on which none may be: \(others.map { "\($0)" }.joined(separator: ", "))"
          },
          label: "only \(demand.days.map { "\($0)" }.joined(separator: ", "))",
          help: "leave these days out", subject: "days"))
    }
    if let longest = demand.atMost, window.length > longest {
      shortfalls.append(
        Shortfall(
          code: PolicyCodes.calendar, span: window.span,
          message: { "the window of \($0) is open for \(window.length), and at most \(longest) is asked" },
          label: "longer than \(longest)", help: "close it sooner, or open it later", subject: "length"))
    }
    return shortfalls
  }

  func freeze(_ demand: Policy.FreezeDemand, in environment: EnvironmentPlan) -> Shortfall? {
    if isUnclear(topLevel: "freezes") || isUnclear(spec.freezes.span) || isUnclear(environment) { return nil }
    // What is over can be frozen no more.
    if demand.to.year != nil, demand.to.number < today.number { return nil }
    guard let open = Self.days(of: demand).first(where: { day in !environment.freezes.contains { $0.covers(day) } })
    else { return nil }
    let isFree = environment.isHotfix && spec.hotfix?.outsideWindows != nil
    return Shortfall(
      code: PolicyCodes.calendar,
      span: isFree ? name(of: environment) : spec.freezes.entries.first?.name.span ?? name(of: environment),
      message: {
        "a release into \($0) can start on \(open), and a freeze from \(demand.from) to \(demand.to) is asked"
      },
      label: isFree ? "outside all freezes" : "no freeze covers \(open)",
      help: isFree
        ? "leave `outside-windows` out"
        : "add `{ from: \"\(demand.from)\", to: \"\(demand.to)\", reason: …, in: [\(environment.name)] }` to `freezes`",
      subject: "\(demand.from) \(demand.to)")
  }

  /// Every day of it, at most those of ten years: a longer one is a slip, and its beginning tells.
  private static func days(of demand: Policy.FreezeDemand) -> [CalendarDay] {
    let isYearly = demand.from.year == nil
    let start = demand.from.number1970
    var end = demand.to.number1970
    if isYearly, end < start { end += 366 }
    return (start...min(max(start, end), start + 3660)).compactMap { number in
      // Yearly ones are counted within a leap year, in which every day is.
      let wrapped = isYearly && number > 1095 ? number - 366 : number
      return CalendarDay(number1970: wrapped).map {
        isYearly ? CalendarDay(year: nil, month: $0.month, day: $0.day) : $0
      }
    }
  }

  // MARK: - Notifications

  func notifications(_ events: [NotificationChannel.Event], in environment: EnvironmentPlan) -> [Shortfall] {
    if isUnclear(topLevel: "notify") || isUnclear(spec.notifications.span) { return [] }
    let unheard = events.filter { event in !environment.channels.contains { $0.channel.hears(of: event) } }
      .map(\.rawValue)
    if unheard.isEmpty { return [] }
    return [
      Shortfall(
        code: PolicyCodes.notify, span: spec.notifications.entries.first?.name.span ?? name(of: environment),
        message: { "nobody is told of \(spelled(unheard)) in \($0)" },
        label: spec.notifications.isEmpty ? "nobody is told of anything" : "no channel for it",
        help: "add \(spelled(unheard)) to `on` of a channel under `notify` that is for `\(environment.name)`",
        subject: unheard.joined(separator: " "))
    ]
  }
}
