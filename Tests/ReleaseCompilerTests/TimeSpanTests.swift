import ReleaseModel
import Testing

@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("250ms", 250), ("0s", 0), ("0ms", 0), ("30s", 30_000), ("15m", 900_000), ("1h30m", 5_400_000),
    ("90d", 7_776_000_000),
    ("1d1h1m1s1ms", 90_061_001), ("60m", 3_600_000), ("007s", 7_000), ("36525d", 3_155_760_000_000),
  ]) func textIsRead(text: String, milliseconds: Int) {
    #expect(TimeSpan(text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", " ", "5", "m", "1mfoo", "15m5h", "5m5m", "1.5h", "-5m", "+5m", "5 m", " 5m", "5m ", "5M", "1w", "36526d",
    "99999999999999999999s", "٣m", "５m", "5m\u{301}", "1µs",
  ]) func otherTextIsNotRead(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test(arguments: [
    (0, "0s"), (1, "1ms"), (999, "999ms"), (1000, "1s"), (1500, "1500ms"), (60_000, "1m"), (90_000, "1m30s"),
    (5_400_000, "1h30m"), (86_400_000, "24h"), (129_600_000, "36h"), (172_800_000, "48h"), (259_200_000, "3d"),
    (86_401_000, "24h1s"),
  ]) func printsAsAPersonWouldWriteIt(milliseconds: Int, text: String) {
    #expect(TimeSpan(milliseconds: milliseconds).description == text)
  }

  @Test func everyPrintedLengthReadsBackAsTheSame() {
    var numbers = Numbers(state: 7)
    let lengths =
      (0..<3000).map { $0 } + (0..<3000).map { $0 * 1000 } + (0..<3000).map { $0 * 60_000 }
      + (0..<2000).map { _ in numbers.next(below: Int(Int32.max)) * (numbers.next(below: 1400) + 1) }
    for length in lengths {
      let span = TimeSpan(milliseconds: length)
      #expect(TimeSpan(span.description) == span, "\(length)")
    }
  }

  @Test func waitIsNeverShorterThanWhatWasAskedFor() {
    #expect(TimeSpan(milliseconds: 1).seconds == 1)
    #expect(TimeSpan(milliseconds: 1000).seconds == 1)
    #expect(TimeSpan(milliseconds: 1001).seconds == 2)
    #expect(TimeSpan(milliseconds: 60_001).minutes == 2)
    #expect(TimeSpan.zero.seconds == 0)
  }
}
