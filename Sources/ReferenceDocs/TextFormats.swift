import SpecShape
import TextLayout

/// Names, patterns, programs, paths and addresses.
enum TextFormats {
  static let sections = [
    FormatSection(
      "Names",
      [
        Format("a name", .init("shop", "a service"), .init("error-rate", "a metric")),
        Format("a declared name", .init("smoke", "the check that is declared as `checks.smoke`")),
        Format(
          "the name of a secret", .init("PROMETHEUS_URL", "the secret that is declared as `secrets.PROMETHEUS_URL`")),
        Format(
          "the name of a GitHub user", .init("ada", "one person"), .init("acme/owners", "the team `owners` of `acme`")),
        Format(
          "the name of a branch", .init("main", "that branch"), .init("release/**", "every branch below `release/`")),
      ],
      [
        .paragraph(
          inlines(
            "Services, environments, checks, metrics, sources and roles have names of up to 63 characters: lower-case "
              + "letters, digits and hyphens, starting with a letter and not ending with a hyphen. Secrets have names of up "
              + "to 100: upper-case letters, digits and underscores, not starting with a digit or `GITHUB_`. Everything "
              + "is declared once and named where it is needed; a name that leads nowhere is an error."))
      ]),
    FormatSection(
      "Tag patterns",
      [
        Format(
          "a tag pattern", .init("v*", "every tag that starts with `v` and has no `/`"),
          .init("\"v[0-9]+.[0-9]+.[0-9]+\"", "`v1.20.3`, but not `v1.20.3-rc.1`"),
          .init("\"!v*-*\"", "not a tag with a hyphen; behind a pattern that takes it"),
          .init("candidates", "what the key `candidates` of the spec says"))
      ],
      [
        .paragraph(
          inlines(
            "As GitHub reads them in `on.push.tags`: `*` is anything but `/`, `**` is anything, `?` and `+` repeat the "
              + "character before them, `[…]` is one of several characters, `\\` takes the next character as it is, and `!` "
              + "in front takes tags out again. Scripts test the same pattern. Quote what YAML would read otherwise."))
      ]),
    FormatSection(
      "Programs",
      [
        Format(
          "a program of the repository with its arguments", .init("ops/integration.sh", "without arguments"),
          .init("ops/load.sh --profile peak", "with two arguments"))
      ],
      [
        .paragraph(
          inlines(
            "The path of a program inside the repository, then its arguments, separated by spaces. No shell is in between: "
              + "pipes, quotes, variables and patterns are refused and belong into a script of the repository."))
      ]),
    FormatSection(
      "Queries",
      [
        Format(
          "a query",
          .init(
            "sum(rate(http_requests_total{track=\"$track\"}[$window]))",
            "PromQL, about one version, over the condition's window"),
          .init("AppRequests | where AppRoleInstance startswith \"$version\"", "KQL, about one revision")),
        Format(
          "a series and how it behaves",
          .init("'connections{service=\"shop\"} $value'", "it stays at the value"),
          .init("'orders_total{service=\"shop\"} $value/s'", "it grows by the value every second"),
          .init("'failures_total $value/window'", "it grows by the value within the window of the query"),
          .init("'seconds_bucket{le=\"$value\"} 10/s'", "the value is a label, and it grows by 10 every second")),
      ],
      [
        .paragraph(
          inlines(
            "Text in the language of the metric's source. The run fills in `$track` (which of the two running versions), "
              + "`$version` (its name on the platform) and `$window` (the length of the window). In a `ratio`, Prometheus "
              + "gets the name of a counter with its labels, and Log Analytics gets the rows to count."))
      ]),
    FormatSection(
      "Paths, addresses and resources",
      [
        Format(
          "a path inside the repository",
          .init("ops/templates/evidence.md", "relative to the root, without spaces or `..`")),
        Format(
          "a page of the repository or an https address, perhaps with `#` and an anchor",
          .init("ops/runbooks/queue.md#lag", "a section of that page"),
          .init(
            "https://github.com/acme/shop/blob/main/ops/runbooks/queue.md#lag", "the same, as a pager can link to it")),
        Format("an https address", .init("https://shop.acme.example/api", "without credentials or query")),
        Format("an image name", .init("ghcr.io/acme/shop", "with its registry, without tag or digest")),
        Format(
          "a name with `{environment}` in it",
          .init("\"{environment}-release-report\"", "`prod-release-report` in `prod`")),
        Format("a resource name", .init("shop-canary", "letters, digits, `.`, `_` and `-`")),
        Format(
          "the resource id of a user-assigned identity",
          .init(
            "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull",
            "as `az identity show --query id` prints it")),
      ],
      [
        .paragraph(
          inlines(
            "These go into generated commands as they are written, so nothing is allowed in them that needs quotes."))
      ]),
  ]
}
