/// Windows and freezes of another length.
enum Windows {
  static func moved(_ tree: SpecTree, _ sites: [Site]) -> [Mutation] {
    sites.flatMap { site -> [Mutation] in
      guard let from = site.node["from"], let to = site.node["to"] else { return [] }
      var results: [(SpecTree, SpecTree, String)] = [(to, from, "ends turned round"), (from, from, "to = from")]
      if site.path.pattern == "environments.*.window" {
        let clock = { (text: String) in SpecTree.text(text, isPlain: false) }
        results += [
          (clock("00:00"), clock("23:59"), "the whole day"), (clock("23:00"), clock("01:00"), "two hours at midnight"),
          (from, clock(minuteAfter(from.string ?? "")), "one minute"),
        ]
      }
      return results.map { from, to, words in
        tree.mutation(
          .moveWindow, site.path,
          to: .map(
            site.node.entries.map {
              .init(key: $0.key, value: $0.key == "from" ? from : $0.key == "to" ? to : $0.value)
            }), words)
      }
    }
  }

  private static func minuteAfter(_ clock: String) -> String { String(clock.prefix(3)) + "01" }
}
