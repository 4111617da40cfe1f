/// A character that takes more than one byte.
struct WideCharacter {
  /// Its index in characters.
  var index: Int
  /// Bytes beyond one a character, up to and with this one.
  var extraBytes: Int
}

/// Turns libyaml's marks, which count characters, into byte offsets.
///
/// Marks come in nearly ascending order, so the converter walks on from the mark before, over the wide characters
/// only: text that is all ASCII needs no walk.
struct MarkConverter {
  private let wideCharacters: [WideCharacter]
  private let byteCount: Int
  /// How many wide characters stand before the mark converted last.
  private var passed = 0

  init(_ wideCharacters: [WideCharacter], byteCount: Int) {
    self.wideCharacters = wideCharacters
    self.byteCount = byteCount
  }

  /// The byte offset of the character with this index, or the end of the text.
  mutating func offset(ofCharacter index: Int) -> Int {
    while passed < wideCharacters.count, wideCharacters[passed].index < index { passed += 1 }
    while passed > 0, wideCharacters[passed - 1].index >= index { passed -= 1 }
    let extraBytes = passed == 0 ? 0 : wideCharacters[passed - 1].extraBytes
    return min(max(index, 0) + extraBytes, byteCount)
  }
}
