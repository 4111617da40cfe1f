import TextLayout

/// Numbers and times.
enum ValueFormats {
  static let sections = [
    FormatSection(
      "Lengths of time",
      [
        Format(
          "a length of time", .init("250ms", "250 milliseconds"), .init("30s", "30 seconds"),
          .init("15m", "15 minutes"), .init("1h30m", "an hour and a half"), .init("90d", "90 days"))
      ],
      [
        .paragraph(
          inlines(
            "Whole numbers with their units, larger units first: `d`, `h`, `m`, `s`, `ms`. A number without a unit is "
              + "refused, because `15` could be seconds or minutes. It is a second at least; a delay or a limit that can "
              + "also be none takes `0s`."))
      ]),
    FormatSection(
      "Shares of the traffic",
      [Format("whole percents", .init("5%", "every twentieth request"), .init("100%", "all traffic"))],
      [.paragraph(inlines("Whole percents from `0%` to `100%`, which is what routers take. The sign belongs to it."))]),
    FormatSection(
      "Percentages",
      [Format("a percentage", .init("10%", "a tenth"), .init("2.5%", "a fortieth"))],
      [.paragraph(inlines("A decimal with `%` behind it, for tolerances."))]),
    FormatSection(
      "Quantities",
      [
        Format(
          "a number with its unit", .init("0.5%", "half a percent, for metrics in `percent`"),
          .init("320ms", "320 milliseconds, for metrics in `ms` and `s`"),
          .init("60s", "60 seconds, for metrics in `ms` and `s`"),
          .init("2m", "two minutes, for metrics in `ms` and `s`"),
          .init("250/s", "250 per second, for metrics in `per-second`"),
          .init("512MiB", "512 · 2²⁰ bytes, for metrics in `bytes`; also `KiB` and `GiB`"),
          .init("18", "a plain number, for metrics in `count` and `ratio`"))
      ],
      [
        .paragraph(
          inlines(
            "A decimal without sign or exponent, at most nine digits on either side of the point, and its unit. Units "
              + "are types: a percentage is never compared with a time."))
      ]),
    FormatSection(
      "Days and schedules",
      [
        Format(
          "a day", .init("\"12-24\"", "24 December of every year"), .init("\"2026-11-27\"", "that one day")),
        Format(
          "a schedule", .init("\"0 11 * * 4\"", "Thursdays at 11:00"),
          .init("\"0 9 1 1,4,7,10 *\"", "the first day of each quarter at 9:00")),
      ],
      [
        .paragraph(
          inlines(
            "Days are month and day, with the year in front when it is not every year's. Schedules are the five fields of "
              + "cron (minute, hour, day of the month, month, day of the week from 0 = Sunday) in UTC, as GitHub takes them; "
              + "GitHub may start a scheduled run some minutes late."))
      ]),
    FormatSection(
      "Times of day",
      [
        Format("a time of day", .init("\"02:00\"", "two in the morning"), .init("\"18:30\"", "half past six at night")),
        Format(
          "a name of the time zone database", .init("UTC", "the same clock all year"),
          .init("Europe/Berlin", "with summer time")),
      ],
      [
        .paragraph(
          inlines(
            "Hours and minutes of a 24-hour clock, both in two digits. The quotes keep older YAML programs from reading "
              + "a number of minutes. A time zone is a name of the IANA database, of today: `CET` and "
              + "`US/Eastern` are names that newer systems leave out, and would take for UTC."))
      ]),
  ]
}
