/// Fingerprints by which code scanning knows a finding again after the lines above it moved.
///
/// They are made from the code, the path, the marked text and the text of its line, never from a line number. Equal
/// findings are told apart by counting them in file order.
struct SARIFFingerprints {
  /// The key in `partialFingerprints`; the number rises when the recipe changes.
  static let name = "liftlockFinding/v1"

  private var seen: [UInt64: Int] = [:]

  mutating func fingerprint(of diagnostic: Diagnostic, in file: SourceFile) -> String {
    let line = file.line(file.position(of: diagnostic.span.start).line)
    var hash = FNV1a()
    for part in [diagnostic.code, file.path, line.filter { $0 != " " && $0 != "\t" }] { hash.add(part) }
    hash.add(file.text(in: diagnostic.span))
    let occurrence = seen[hash.value, default: 0]
    seen[hash.value] = occurrence + 1
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ":\(occurrence)"
  }
}

/// The 64-bit Fowler-Noll-Vo hash; unlike `Hasher` it gives the same value in every run.
private struct FNV1a {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    // 0xFF is no UTF-8, so that parts cannot run into each other.
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
  }
}
